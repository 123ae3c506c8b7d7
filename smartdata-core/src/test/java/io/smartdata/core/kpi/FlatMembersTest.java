package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smartdata.event.Properties;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatMembersTest {
    private static final Set<String> WANTED = Set.of("a", "ab", "é", "", "Aa", "BB");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private static @Nullable Map<String, String> read(String json) {
        Map<String, String> members = new HashMap<>();
        return new FlatMembers(WANTED).read(json, members) ? members : null;
    }

    @Test
    void wantedMembersAreReadAsText() {
        assertThat(read("{\"\":\"\",\"Aa\":-1.50,\"BB\":true,\"Bb\":2,\"a\":\"x\",\"ab\":null,\"é\":\"€😀\"}"))
                .isEqualTo(Map.of("", "", "Aa", "-1.50", "BB", "true", "a", "x", "é", "€😀"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1}x",
                "{\"a\":1,}",
                "{ \"a\":1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":-}",
                "{\"a\":1e5}",
                "{\"a\":tru}",
                "{\"a\":nul}",
                "{\"a\":\"",
                "{\"a\":\"\\n\"}",
                "{\"\\u0061\":1}",
                "{\"a\":\"\t\"}",
                "{\"a\":[1]}",
                "{\"a\":{\"ab\":1}}",
                "{a:1}"
            })
    void whatIsNotFlatOrHasEscapesNeedsAParser(String json) {
        assertThat(read(json)).isNull();
    }

    @Test
    void whatIsReadIsWhatAParserReads() throws JsonProcessingException {
        long seed = 20_261_121;
        Random random = new Random(seed);
        List<Supplier<Object>> values = List.of(
                () -> "text " + random.nextInt(3),
                random::nextLong,
                () -> BigDecimal.valueOf(random.nextLong(), random.nextInt(30) - 3),
                random::nextBoolean,
                () -> List.of("é", "\"", "\\", "\n", "😀").get(random.nextInt(5)),
                () -> Map.of("a", 1));
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            Map<String, Object> members = new HashMap<>();
            for (int size = random.nextInt(6); size >= 0; size--) {
                members.put(
                        List.of("a", "ab", "é", "", "Aa", "BB", "AaBB", "b").get(random.nextInt(8)),
                        values.get(random.nextInt(random.nextInt(8) == 0 ? 6 : 4))
                                .get());
            }
            String json = Properties.of(members).json();
            Map<String, String> flat = read(json);
            if (flat != null) {
                read++;
                JsonNode parsed = JSON.readTree(json);
                Map<String, String> expected = new HashMap<>();
                WANTED.stream()
                        .filter(parsed::has)
                        .forEach(name -> expected.put(name, parsed.get(name).asText()));
                assertThat(flat.keySet()).as("seed %d: %s", seed, json).isEqualTo(expected.keySet());
                flat.forEach((name, text) -> assertThat(text.equals(expected.get(name))
                                || new BigDecimal(text).compareTo(new BigDecimal(expected.get(name))) == 0)
                        .as("seed %d: %s of %s", seed, name, json)
                        .isTrue());
            }
        }
        assertThat(read).as("seed %d", seed).isBetween(4_000, 9_900);
    }
}
