package io.smartdata.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
    @Test
    void aCanonicalUuidIsItsOwnKey() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            EventId id = EventId.of(uuid.toString());
            assertThat(new UUID(id.high(), id.low())).as("seed %d", seed).isEqualTo(uuid);
            assertThat(id.original()).isNull();
            assertThat(id.text()).isEqualTo(uuid.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "123E4567-e89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-42661417400g",
                "123e4567-e89b-12d3-a456-42661417400",
                "123e4567-e89b-12d3-a456-4266141740000",
                "123e4567e-89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-42661417400\u0663",
                "123e4567-e89b-12d3-a456-42661417400\uff11",
                "123e4567-e89b-12d3-a456-42661417400/",
                "------------------------------------"
            })
    void anyOtherTextIsHashedAndKept(String text) throws Exception {
        ByteBuffer hash =
                ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        EventId id = EventId.of(text);
        assertThat(id.high()).isEqualTo(hash.getLong());
        assertThat(id.low()).isEqualTo(hash.getLong());
        assertThat(id.text()).isEqualTo(text);
    }

    @Test
    void anIdIsNeitherEmptyNorTooLong() {
        assertThat(EventId.of("x".repeat(EventId.MAX_LENGTH))).isNotNull();
        for (String text : new String[] {"", "x".repeat(EventId.MAX_LENGTH + 1)}) {
            assertThatThrownBy(() -> EventId.of(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
