package io.smartdata.core.emit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.emit.EventSpool;
import io.smartdata.emit.EventSpoolContract;
import org.junit.jupiter.api.Test;

class MemorySpoolTest extends EventSpoolContract {
    @Override
    protected EventSpool newSpool() {
        return new MemorySpool(10_000, 1 << 20);
    }

    @Test
    void itIsFullByCountHeldEventsIncluded() {
        MemorySpool few = new MemorySpool(3, 1 << 20);
        assertThat(few.append(events(0, 5))).isEqualTo(3);
        few.remove(few.take(2, 1 << 20).subList(0, 1));
        assertThat(few.append(events(5, 7))).isEqualTo(1);
    }

    @Test
    void itIsFullByBytes() {
        MemorySpool small = new MemorySpool(100, 2L * event(0).length);
        assertThat(small.append(events(0, 5))).isEqualTo(2);
        small.remove(small.take(1, 1));
        assertThat(small.append(events(5, 7))).isEqualTo(1);
    }

    @Test
    void aSealedOneTakesNothingInAndHandsOutTheRest() {
        MemorySpool sealed = new MemorySpool(10, 1 << 20);
        sealed.append(events(0, 2));
        sealed.seal();
        assertThat(sealed.append(events(2, 3))).isZero();
        assertThat(sealed.take(10, 1 << 20)).hasSize(2);
    }
}
