package io.smartdata.core.ingest;

import static io.smartdata.schema.FieldRule.any;
import static io.smartdata.schema.FieldRule.bool;
import static io.smartdata.schema.FieldRule.list;
import static io.smartdata.schema.FieldRule.number;
import static io.smartdata.schema.FieldRule.object;
import static io.smartdata.schema.FieldRule.subject;
import static io.smartdata.schema.FieldRule.text;
import static io.smartdata.schema.FieldRule.value;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.FieldRule;
import io.smartdata.schema.FieldType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCheckTest {
    private static final EventSchema SCHEMA = EventSchema.of("order_placed").version("2");

    private static Event.Builder event(String properties) {
        return Event.named("order_placed", Instant.EPOCH).id("1").properties(Properties.ofCanonicalJson(properties));
    }

    private static @Nullable String broken(EventSchema schema, Event.Builder event, boolean cells) {
        Rejection rejection = new SchemaCheck(schema).violation(event.build(), cells);
        return rejection == null ? null : rejection.field();
    }

    private static boolean keeps(FieldRule rule, String json, boolean cells) {
        return broken(SCHEMA.required(rule), event("{\"p\":" + json + "}"), cells) == null;
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text    | \"x\"       | true  | true",
                "text    | 1           | false | false",
                "text    | [\"x\"]     | false | false",
                "number  | -0.50       | true  | true",
                "number  | 1E3         | true  | true",
                "number  | \"1.5\"     | false | true",
                "number  | \"1,5\"     | false | false",
                "number  | \" 1\"      | false | false",
                "number  | true        | false | false",
                "integer | 3           | true  | true",
                "integer | 3.0         | true  | true",
                "integer | 3e2         | true  | true",
                "integer | 3.5         | false | false",
                "integer | \"3\"       | false | true",
                "integer | \"3.5\"     | false | false",
                "boolean | true        | true  | true",
                "boolean | \"true\"    | false | true",
                "boolean | \"false\"   | false | true",
                "boolean | \"True\"    | false | false",
                "boolean | 0           | false | false",
                "list    | [1,{}]      | true  | true",
                "list    | {}          | false | false",
                "object  | {\"a\":[]}  | true  | true",
                "object  | \"{}\"      | false | false",
                "any     | {\"a\":[]}  | true  | true",
                "any     | null        | false | false",
                "text    | null        | false | false"
            })
    void typesAreStrictInJsonAndReadFromCellsInCsv(String type, String json, boolean inJson, boolean inCsv) {
        FieldRule rule = FieldRule.of("p", FieldType.valueOf(type.toUpperCase(java.util.Locale.ROOT)));
        assertThat(keeps(rule, json, false)).isEqualTo(inJson);
        assertThat(keeps(rule, json, true)).isEqualTo(inCsv);
    }

    @Test
    void limitsHoldForWhatATextMeansNotForHowItIsEscaped() {
        assertThat(keeps(text("p").maxLength(3), "\"a\\\"b\"", false)).isTrue();
        assertThat(keeps(text("p").maxLength(2), "\"a\\\"b\"", false)).isFalse();
        assertThat(keeps(text("p").oneOf("a\\b", "c"), "\"a\\\\b\"", false)).isTrue();
        assertThat(keeps(text("p").oneOf("a\\\\b"), "\"a\\\\b\"", false)).isFalse();
        assertThat(keeps(number("p").atLeast(1).atMost(2), "2.000", false)).isTrue();
        assertThat(keeps(number("p").atMost(2), "\"2.001\"", true)).isFalse();
        assertThat(keeps(number("p").oneOf("1", "2.5"), "25e-1", false)).isTrue();
    }

    @Test
    void aMissingOrNullFieldBreaksTheSchemaOnlyIfItIsRequired() {
        EventSchema schema = SCHEMA.required(text("a")).optional(text("b"), bool("c"));
        assertThat(broken(schema, event("{}"), false)).isEqualTo("properties.a");
        assertThat(broken(schema, event("{\"a\":null}"), false)).isEqualTo("properties.a");
        assertThat(broken(schema, event("{\"a\":\"x\",\"b\":null,\"d\":1}"), false))
                .isNull();
        assertThat(broken(schema, event("{\"a\":\"x\",\"b\":7}"), false)).isEqualTo("properties.b");
    }

    @Test
    void aClosedSchemaNamesThePropertyItDoesNotKnow() {
        EventSchema schema = SCHEMA.optional(text("b")).closed();
        assertThat(broken(schema, event("{}"), false)).isNull();
        assertThat(broken(schema, event("{\"b\":\"x\"}"), false)).isNull();
        assertThat(broken(schema, event("{\"b\":\"x\",\"b\\\"\":1}"), false)).isEqualTo("properties.b\"");
        assertThat(broken(schema, event("{\"" + "n".repeat(5000) + "\":1}"), false))
                .hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void fieldsOfTheEventItselfAreChecked() {
        EventSchema schema = SCHEMA.required(
                subject().maxLength(3), FieldRule.entity().oneOf("shop/1"), FieldRule.session(), value().atLeast(0));
        Event.Builder good =
                event("{}").subject("u1").entity("shop/1").session("s").value(0);
        assertThat(broken(schema, good, false)).isNull();
        assertThat(broken(schema, good.subject("u123"), false)).isEqualTo("subject");
        assertThat(broken(schema, good.subject(null), false)).isEqualTo("subject");
        assertThat(broken(schema, good.subject("u1").entity("shop/2"), false)).isEqualTo("entity");
        assertThat(broken(schema, good.entity("shop/1").session(null), false)).isEqualTo("session");
        assertThat(broken(schema, good.session("s").value(-1), false)).isEqualTo("value");
        assertThat(broken(schema, good.value((BigDecimal) null), false)).isEqualTo("value");
    }

    @Test
    void theSentenceSaysWhatIsAllowedAndEchoesNothingLong() {
        EventSchema schema = SCHEMA.required(text("country").maxLength(2).oneOf("DE", "FR"));
        Rejection rejection = requireNonNull(
                new SchemaCheck(schema).violation(event("{\"country\":\"IT\"}").build(), false));
        assertThat(rejection.code()).isEqualTo(RejectionCode.SCHEMA_VIOLATION);
        assertThat(rejection.message())
                .isEqualTo(
                        "By the schema of order_placed version 2, properties.country must be a text of at most 2 characters, one of DE, FR, and is required. Correct the event, or the schema, and send it again.");
        String[] many = new String[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i + "x".repeat(1000);
        }
        Rejection other = new SchemaCheck(SCHEMA.required(text("y".repeat(900)).oneOf(many)))
                .violation(event("{}").build(), false);
        assertThat(String.valueOf(other)).hasSizeLessThan(700);
    }

    /** The walk is compared with a tree; a failure prints the seed. */
    @Test
    void theWalkFindsTheMembersThatAParserFinds() throws Exception {
        long seed = Long.getLong("smartdata.schema.seed", 20_261_121);
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                members.put(word(random), anything(random, 0));
            }
            String json = Properties.of(members).json();
            JsonNode tree = JsonMapper.builder().build().readTree(json);
            List<String> wanted = new ArrayList<>();
            tree.properties().forEach(member -> wanted.add(member.getKey() + kind(member.getValue())));
            List<String> found = new ArrayList<>();
            PropertyCursor cursor = new PropertyCursor(json);
            while (cursor.next()) {
                found.add(cursor.name() + kind(cursor));
                assertThat(cursor.named(Row.quoted(cursor.name()))).isTrue();
            }
            assertThat(found).as("seed " + seed + ", " + json).isEqualTo(wanted);
        }
    }

    private static String kind(JsonNode value) {
        return value.isTextual()
                ? "text " + value.textValue()
                : value.getNodeType().toString();
    }

    private static String kind(PropertyCursor cursor) {
        return cursor.isText()
                ? "text " + cursor.text()
                : cursor.isNumber()
                        ? "NUMBER"
                        : cursor.isBoolean()
                                ? "BOOLEAN"
                                : cursor.isNull()
                                        ? "NULL"
                                        : cursor.isList() ? "ARRAY" : cursor.isObject() ? "OBJECT" : "nothing";
    }

    private static String word(Random random) {
        String characters = "ab,:{}[]\"\\\n\u0001é";
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            word.append(characters.charAt(random.nextInt(characters.length())));
        }
        return word.toString();
    }

    private static @Nullable Object anything(Random random, int depth) {
        List<Supplier<@Nullable Object>> choices = List.of(
                () -> null,
                () -> word(random),
                random::nextBoolean,
                () -> new BigDecimal(random.nextInt() + "." + random.nextInt(100)),
                () -> depth > 2 ? "deep" : List.of(word(random), Map.of(word(random), word(random))),
                () -> {
                    Map<String, @Nullable Object> object = new TreeMap<>();
                    object.put(word(random), depth > 2 ? 1 : anything(random, depth + 1));
                    return object;
                });
        return choices.get(random.nextInt(choices.size())).get();
    }

    @Test
    void rulesOfEveryTypeCanStandTogether() {
        EventSchema schema =
                SCHEMA.required(list("l"), object("o"), any("a"), number("n")).closed();
        assertThat(broken(schema, event("{\"a\":1,\"l\":[\"}\"],\"n\":2,\"o\":{\"x\":\"]\"}}"), false))
                .isNull();
        assertThat(broken(schema, event("{\"a\":1,\"l\":[],\"o\":{}}"), false)).isEqualTo("properties.n");
    }
}
