package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.Transformation.Type;
import io.smartdata.event.RejectionCode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What declared steps make of payloads. */
class TransformationTest {
    private static final Transformation NONE = Transformation.none();

    private static String json(Transformation fix, String payload) throws UntransformableException {
        return json(fix, payload, StandardCharsets.UTF_8);
    }

    private static String json(Transformation fix, String payload, Charset charset) throws UntransformableException {
        ReadOptions options =
                ReadOptions.defaults("s").withFormat(Format.NDJSON).withCharset(charset);
        ReadContext context = new ReadContext(options, List.of(), 1);
        return new String(
                fix.apply(new PayloadFields.Payload(payload.getBytes(charset), context))
                        .bytes(),
                charset);
    }

    /** Header and row. */
    private static String csv(Transformation fix, String header, String row) throws UntransformableException {
        ReadOptions options = ReadOptions.defaults("s").withFormat(Format.CSV).withDelimiter(';');
        ReadContext context = new ReadContext(options, List.of(header.split(";", -1)), 1);
        PayloadFields.Payload fixed =
                fix.apply(new PayloadFields.Payload(row.getBytes(StandardCharsets.UTF_8), context));
        return String.join(";", fixed.context().header()) + "\n" + fixed.text();
    }

    @Test
    void stepsAreAppliedInTheirOrder() throws UntransformableException {
        Transformation fix = NONE.rename("when", "time")
                .set("name", "sale")
                .cast("value", Type.NUMBER)
                .drop("debug");
        assertThat(json(fix, "{\"when\":\"2026-03-01\",\"value\":\" 1.50 \",\"debug\":{\"a\":[1]}}"))
                .isEqualTo("{\"time\":\"2026-03-01\",\"value\":1.50,\"name\":\"sale\"}");
        assertThat(csv(fix, "when;value;debug", "2026-03-01; 1.50 ;x"))
                .isEqualTo("time;value;name\n2026-03-01;1.50;sale");
    }

    @Test
    void whatNoStepNamesKeepsItsText() throws UntransformableException {
        String untouched =
                "\"a\": 1.0E+2 ,\n \"b\":\"\\u00e9\\n\", \"c\" : { \"d\" : [ 1, {\"e\":null} ] } ,\"f\":true,\"g\":-0.10";
        assertThat(json(NONE.drop("x"), "{" + untouched + ",\"x\":1}\r\n"))
                .isEqualTo(
                        "{\"a\":1.0E+2,\"b\":\"\\u00e9\\n\",\"c\":{ \"d\" : [ 1, {\"e\":null} ] },\"f\":true,\"g\":-0.10}");
        assertThat(csv(NONE.drop("x"), "a;b;x", "\"1;\"\"\n2\";é;y")).isEqualTo("a;b\n\"1;\"\"\n2\";é");
    }

    @Test
    void aStepAboutAFieldThatIsNotThereDoesNothing() throws UntransformableException {
        Transformation fix = NONE.rename("x", "y").drop("x").cast("x", Type.NUMBER);
        assertThat(json(fix, "{\"a\":1}")).isEqualTo("{\"a\":1}");
        assertThat(csv(fix, "a", "1")).isEqualTo("a\n1");
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        assertUntransformable(RejectionCode.DUPLICATE_FIELD, NONE.rename("a", "b"), "{\"a\":1,\"b\":2}");
        assertUntransformable(RejectionCode.DUPLICATE_FIELD, NONE.drop("x"), "{\"a\":1,\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "1", "{\"a\":1", "{\"a\":1}{\"a\":2}", "{a:1}", "{\"a\":01}", "\"{}\"", "nothing"})
    void whatIsNotOneObjectIsNotTransformed(String payload) {
        assertUntransformable(RejectionCode.INVALID_JSON, NONE.drop("x"), payload);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1;2;3", "1;2\n3;4", "1;\"2"})
    void whatIsNotOneRowOfItsHeaderIsNotTransformed(String row) {
        assertThatThrownBy(() -> csv(NONE.drop("x"), "a;b", row))
                .isInstanceOfSatisfying(
                        UntransformableException.class,
                        e -> assertThat(e.rejection().code()).isEqualTo(RejectionCode.INVALID_CSV));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "NUMBER,        '\"12.50\"',      12.50",
                "NUMBER,        12.50,            12.50",
                "NUMBER,        null,             null",
                "TEXT,          1.0e2,            '\"1.0e2\"'",
                "TEXT,          true,             '\"true\"'",
                "TEXT,          '\"a\\\"b\"',     '\"a\\\"b\"'",
                "BOOLEAN,       '\" True\"',      true",
                "BOOLEAN,       false,            false",
                "EPOCH_SECONDS, 1772323200,       '\"2026-03-01T00:00:00Z\"'",
                "EPOCH_SECONDS, '\"1772323200.5\"', '\"2026-03-01T00:00:00.500Z\"'",
                "EPOCH_MILLIS,  1772323200000,    '\"2026-03-01T00:00:00Z\"'",
            })
    void aCastWritesTheValueAsTheType(Type type, String value, String cast) throws UntransformableException {
        assertThat(json(NONE.cast("a", type), "{\"a\":" + value + "}")).isEqualTo("{\"a\":" + cast + "}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "NUMBER,        '\"1,5\"'", "NUMBER,        '\"\"'", "NUMBER,       '\"NaN\"'", "NUMBER, true",
                "NUMBER,        '[1]'", "NUMBER,        '\"1e999\"'", "TEXT,         '{\"b\":1}'", "BOOLEAN, 1",
                "EPOCH_SECONDS, -1", "EPOCH_SECONDS, '\"2026-03-01\"'", "EPOCH_MILLIS, 1e3",
            })
    void aCastOfWhatIsNoneIsRefused(Type type, String value) {
        assertUntransformable(RejectionCode.INVALID_VALUE, NONE.cast("a", type), "{\"a\":" + value + "}");
    }

    @Test
    void aPayloadKeepsItsCharacterSet() throws UntransformableException {
        Transformation fix = NONE.set("b", "ü");
        assertThat(json(fix, "{\"a\":\"é\"}", StandardCharsets.ISO_8859_1)).isEqualTo("{\"a\":\"é\",\"b\":\"ü\"}");
        assertThatThrownBy(() -> json(NONE.set("b", "€"), "{\"a\":\"é\"}", StandardCharsets.ISO_8859_1))
                .isInstanceOfSatisfying(
                        UntransformableException.class,
                        e -> assertThat(e.rejection().code()).isEqualTo(RejectionCode.INVALID_ENCODING));
    }

    @Test
    void aPayloadThatWasCutIsNotTransformed() {
        assertUntransformable(RejectionCode.EVENT_TOO_LARGE, NONE.drop("a"), "{\"a\":\"" + "x".repeat(1 << 20) + "\"}");
    }

    @Test
    void stepsAreWrittenAndReadAsJson() {
        Transformation fix =
                NONE.rename("ts", "time").set("name", "sale").drop("debug").cast("value", Type.EPOCH_MILLIS);
        assertThat(Transformation.parse(fix.json())).isEqualTo(fix);
        assertThat(fix.json()).startsWith("[{\"rename\":{\"from\":\"ts\",\"to\":\"time\"}},{\"set\":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "nothing",
                "[1]",
                "[{}]",
                "[{\"shout\":{\"field\":\"a\"}}]",
                "[{\"drop\":\"a\"}]",
                "[{\"drop\":{\"field\":\"\"}}]",
                "[{\"drop\":{\"field\":\"a\"},\"set\":{\"field\":\"a\",\"value\":\"b\"}}]",
                "[{\"set\":{\"field\":\"a\",\"value\":1}}]",
                "[{\"set\":{\"field\":\"a\",\"value\":\"b\",\"more\":\"c\"}}]",
                "[{\"cast\":{\"field\":\"a\",\"type\":\"money\"}}]"
            })
    void stepsThatAreNoneAreRefused(String json) {
        assertThatThrownBy(() -> Transformation.parse(json))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_transformation"));
    }

    private static void assertUntransformable(RejectionCode code, Transformation fix, String payload) {
        assertThatThrownBy(() -> json(fix, payload))
                .isInstanceOfSatisfying(
                        UntransformableException.class,
                        e -> assertThat(e.rejection().code()).isEqualTo(code));
    }
}
