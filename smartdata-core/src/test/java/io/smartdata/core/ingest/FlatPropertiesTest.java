package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatPropertiesTest {
    private static final Limits LIMITS = Limits.defaults().withMaxProperties(6);

    private static boolean sure(String json) {
        return FlatProperties.surelyKeep(LIMITS, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\"}",
                "{\"\":1,\"a\":-0.50,\"b\":true,\"c\":false,\"d\":null,\"e\":\"x\\\"y\\\\z\\n\"}",
                "{\"a\":123456789012345678,\"ab\":\"é€\"}"
            })
    void whatIsUsualIsRecognised(String json) {
        assertThat(sure(json)).isTrue();
        assertThat(EventValidator.parsed(json, LIMITS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[1]",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1,}",
                "{\"a\" :1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":-}",
                "{\"a\":1e400}",
                "{\"a\":NaN}",
                "{\"a\":truth}",
                "{\"a\":tru}",
                "{\"a\":\"\\u0000\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\ud800\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"open}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"b\":1,\"a\":2}",
                "{\"a\":{\"b\":1}}",
                "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1}"
            })
    void whatIsUnusualIsLeftToTheParser(String json) {
        assertThat(sure(json)).isFalse();
    }

    @Test
    void whatIsRecognisedTheParserFindsWithoutFault() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        int recognised = 0;
        for (int i = 0; i < 20_000; i++) {
            String json = damaged(random, canonical(random));
            if (sure(json)) {
                recognised++;
                Rejection rejection = EventValidator.parsed(json, LIMITS);
                assertThat(rejection).as("seed %d: %s", seed, json).isNull();
            }
        }
        assertThat(recognised).as("seed %d", seed).isBetween(4_000, 16_000);
    }

    @Test
    void theSizeIsThatOfTheBytes() {
        Limits small = Limits.defaults().withMaxEventBytes(30);
        assertThat(check("é".repeat(10), small)).isNull();
        assertThat(check("é".repeat(12), small)).isEqualTo(RejectionCode.EVENT_TOO_LARGE);
        assertThat(check("e".repeat(22), small)).isNull();
        assertThat(check("e".repeat(23), small)).isEqualTo(RejectionCode.EVENT_TOO_LARGE);
    }

    private static @Nullable RejectionCode check(String text, Limits limits) {
        Event event = Event.named("n", Reading.NOW)
                .id("1")
                .properties(Map.of("a", text))
                .build();
        Rejection rejection = EventValidator.check(event, limits, Reading.ORG, Reading.NOW);
        return rejection == null ? null : rejection.code();
    }

    private static String canonical(Random random) {
        List<Supplier<Object>> values = List.of(
                () -> "text \" \\ \n" + random.nextInt(3),
                random::nextInt,
                () -> BigDecimal.valueOf(random.nextLong(), random.nextInt(22) - 1),
                random::nextBoolean,
                () -> List.of("€", "😀", "\u0000", "\u0001").get(random.nextInt(4)),
                () -> List.of(1, "b"),
                () -> Map.of("x", random.nextInt(5)));
        Map<String, Object> members = new LinkedHashMap<>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            members.put(
                    List.of("a", "ab", "a b", "b\"", "é", "").get(random.nextInt(6)),
                    values.get(random.nextInt(random.nextInt(4) == 0 ? 7 : 4)).get());
        }
        return Properties.of(members).json();
    }

    /** Every third text with one character changed, doubled or lost. */
    private static String damaged(Random random, String json) {
        if (random.nextInt(3) > 0) {
            return json;
        }
        List<String> pieces = new ArrayList<>(List.of("", "\"", ",", "{", "}", "0", "\\", "a", ":", ".", " "));
        int at = random.nextInt(json.length());
        pieces.add(json.substring(at, at + 1).repeat(2));
        return json.substring(0, at) + pieces.get(random.nextInt(pieces.size())) + json.substring(at + 1);
    }
}
