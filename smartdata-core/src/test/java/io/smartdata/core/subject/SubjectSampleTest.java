package io.smartdata.core.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubjectSampleTest {
    private static final byte[] KEY = new byte[32];

    private static long admitted(SubjectSample sample) {
        return IntStream.range(0, 10_000)
                .filter(i -> sample.admits("subject " + i))
                .count();
    }

    @Test
    void everybodyIsLookedAtUntilItIsHalved() {
        SubjectSample sample = new SubjectSample(KEY);
        assertThat(admitted(sample)).isEqualTo(10_000);
        assertThat(sample.share()).isOne();
    }

    @Test
    void eachHalvingKeepsAboutHalfOfThoseBefore() {
        SubjectSample sample = new SubjectSample(KEY);
        SubjectSample before = new SubjectSample(KEY);
        for (int halvings = 1; halvings <= 5; halvings++) {
            sample.halve();
            assertThat(sample.share()).isEqualTo(Math.pow(0.5, halvings));
            assertThat((double) admitted(sample) / 10_000).isBetween(0.8 * sample.share(), 1.2 * sample.share());
            for (int i = 0; i < 10_000; i++) {
                assertThat(!sample.admits("subject " + i) || before.admits("subject " + i))
                        .as("who is looked at now was before")
                        .isTrue();
            }
            before.halve();
        }
    }
}
