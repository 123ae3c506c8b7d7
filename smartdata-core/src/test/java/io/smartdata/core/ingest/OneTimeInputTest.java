package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OneTimeInputTest {
    private static final int PIECE_BYTES = 1 << 16;
    private static final int EVENTS = 3000;

    private static InputStream stream(int events) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < events; i++) {
            lines.append("{\"id\":\"e%d\",\"name\":\"sale\",\"time\":\"2026-03-01T10:00:00Z\",\"note\":\"%0100d\"}\n"
                    .formatted(i, i));
        }
        return new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static IngestReceipt ingest(Input input, Mode mode) {
        try (SmartData smartData = SmartData.builder()
                .storage(new InMemoryStorage())
                .accessPolicy(AccessPolicy.singleOperator())
                .ingestSettings(new IngestSettings(100, PIECE_BYTES, 100, PIECE_BYTES, 10_000, 10, 20_000))
                .build()) {
            return smartData
                    .ingest(smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST))
                    .input(
                            input,
                            IngestOptions.lenient(ReadOptions.defaults("shop")).withMode(mode));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsRememberedIsReadInEveryMode(Mode mode) {
        assertThat(ingest(Input.once(stream(EVENTS), 1 << 20), mode).accepted()).isEqualTo(EVENTS);
    }

    @Test
    void lenientReadsAStreamOfAnyLength() {
        Input input = Input.once(stream(10 * EVENTS), 1 << 18);
        assertThat(ingest(input, Mode.LENIENT).accepted()).isEqualTo(10 * EVENTS);
    }

    @ParameterizedTest
    @EnumSource(names = "LENIENT", mode = EnumSource.Mode.EXCLUDE)
    void aLongerStreamThatHasToBeReadTwiceIsRefused(Mode mode) {
        Input input = Input.once(stream(EVENTS), 1 << 18);
        assertThatThrownBy(() -> ingest(input, mode))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unrepeatable_input"))
                .hasMessageContaining("262144 bytes")
                .hasMessageContaining("stored nothing");
    }

    @Test
    void everyReadingBeginsAtTheFirstByteAndEndsTheOneBefore() throws IOException {
        byte[] bytes = {1, 2, (byte) 0xff, 4, 5};
        Input input = Input.once(new ByteArrayInputStream(bytes), 5);
        InputStream first = input.open();
        assertThat(first.readNBytes(3)).containsExactly(1, 2, 0xff);
        InputStream second = input.open();
        assertThat(second.read()).isOne();
        assertThat(second.readAllBytes()).containsExactly(2, 0xff, 4, 5);
        assertThat(second.read()).isEqualTo(-1);
        assertThatThrownBy(first::read).isInstanceOf(IOException.class);
        assertThat(input.open().readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void theStreamStaysOpen() throws IOException {
        InputStream stream = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        Input.once(stream, 10).open().close();
    }
}
