package io.smartdata.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesTest {
    private static String quoted(CharSequence text) {
        StringBuilder out = new StringBuilder("before ");
        Properties.appendQuoted(out, text);
        assertThat(out).startsWith("before \"").endsWith("\"");
        return out.substring(8, out.length() - 1);
    }

    @Test
    void eachCharacterIsEscapedWhereverItStands() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        List<String> plain =
                List.of("a", "\"", "\\", "\n", "\r", "\t", "\u0000", "\u001f", "\u007f", "é", "€", "😀", "/");
        List<String> escaped =
                List.of("a", "\\\"", "\\\\", "\\n", "\\r", "\\t", "\\u0000", "\\u001f", "\u007f", "é", "€", "😀", "/");
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                int piece = random.nextInt(random.nextBoolean() ? 1 : plain.size());
                text.append(plain.get(piece));
                expected.append(escaped.get(piece));
            }
            assertThat(quoted(text)).as("seed %d", seed).isEqualTo(expected.toString());
            assertThat(quoted(text.toString())).as("seed %d", seed).isEqualTo(expected.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\ud800", "\udc00", "\ud800\ud800\udc00", "\ud83d\ude00\ude00"})
    void halfACharacterIsRefused(String text) {
        assertThatThrownBy(() -> quoted(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
