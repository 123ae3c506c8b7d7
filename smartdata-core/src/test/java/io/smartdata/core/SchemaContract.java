package io.smartdata.core;

import static io.smartdata.schema.FieldRule.number;
import static io.smartdata.schema.FieldRule.subject;
import static io.smartdata.schema.FieldRule.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.schema.EventSchema;
import io.smartdata.schema.EventSchemas;
import io.smartdata.schema.SchemaMode;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events are held to their schemas on every way in, on whatever storage. Needs JUnit and AssertJ. */
public abstract class SchemaContract {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final EventSchema ORDER = EventSchema.of("order_placed")
            .required(text("country").oneOf("DE", "FR"), number("items").atLeast(1))
            .closed();
    private static final String GOOD = line("good", "DE");
    private static final String BAD = line("bad", "IT");

    private final List<SmartData> opened = new ArrayList<>();
    private @Nullable Storage storage;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void makeStorage() throws Exception {
        storage = newStorage();
    }

    @AfterEach
    final void close() {
        opened.forEach(SmartData::close);
    }

    private SmartData under(EventSchema... schemas) {
        SmartData smartData = SmartData.builder()
                .storage(requireNonNull(storage))
                .accessPolicy(AccessPolicy.singleOperator())
                .schemas(EventSchemas.of(schemas))
                .clock(Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC))
                .build();
        opened.add(smartData);
        return smartData;
    }

    private static OrgScope acme(SmartData smartData) {
        return smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of("acme"),
                        Permission.INGEST,
                        Permission.OPERATE,
                        Permission.EXPORT,
                        Permission.VIEW_SENSITIVE);
    }

    private static String line(String id, String country) {
        return """
                {"id":"%s", "time":"%s", "name":"order_placed", "country":"%s", "items":2}""".formatted(id, TIME, country);
    }

    private static IngestOptions lenient() {
        return IngestOptions.lenient(ReadOptions.defaults("shop"));
    }

    private static IngestReceipt send(SmartData smartData, Format format, String text) {
        return smartData
                .ingest(acme(smartData))
                .batch(
                        text.getBytes(StandardCharsets.UTF_8),
                        IngestOptions.lenient(ReadOptions.defaults("shop").withFormat(format)));
    }

    private static List<String> stored(SmartData smartData) {
        StringWriter out = new StringWriter();
        smartData.exports(acme(smartData)).events(EventRange.all(), ExportFormat.NDJSON, out);
        return out.toString()
                .lines()
                .map(line -> line.substring("{\"id\":\"".length(), line.indexOf("\",")))
                .sorted()
                .toList();
    }

    private static List<DeadLetter> letters(SmartData smartData) {
        return smartData.deadLetters(acme(smartData)).list(DeadLetterQuery.open(100));
    }

    private static String payload(SmartData smartData, DeadLetter letter) {
        byte[] payload = smartData.deadLetters(acme(smartData)).payload(letter.id());
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static void assertOneViolation(IngestReceipt receipt, String field) {
        assertThat(receipt.rejectedByCode()).isEqualTo(Map.of(RejectionCode.SCHEMA_VIOLATION, 1L));
        assertThat(receipt.outcomes())
                .map(EventOutcome::rejection)
                .filteredOn(rejection -> rejection != null)
                .extracting(Rejection::field)
                .containsExactly(field);
    }

    @Test
    void jsonThatBreaksItsSchemaIsRejectedWithItsBytesAndItsNeighboursAreStored() {
        SmartData smartData = under(ORDER);
        assertOneViolation(send(smartData, Format.JSON, "[" + BAD + ",\n" + GOOD + "]"), "properties.country");
        assertThat(stored(smartData)).containsExactly("good");
        assertThat(letters(smartData))
                .extracting(letter -> payload(smartData, letter))
                .containsExactly(BAD);
        assertThat(letters(smartData))
                .extracting(letter -> letter.rejection().code())
                .containsExactly(RejectionCode.SCHEMA_VIOLATION);
    }

    @Test
    void ndjsonThatBreaksItsSchemaIsRejectedWithItsBytes() {
        SmartData smartData = under(ORDER);
        assertOneViolation(send(smartData, Format.NDJSON, GOOD + "\n" + BAD + "\n"), "properties.country");
        assertThat(stored(smartData)).containsExactly("good");
        assertThat(letters(smartData))
                .extracting(letter -> payload(smartData, letter))
                .containsExactly(BAD);
    }

    @Test
    void csvCellsAreReadAsTheNumbersTheirSchemaWants() {
        SmartData smartData = under(ORDER);
        IngestReceipt receipt = send(smartData, Format.CSV, """
                id,time,name,country,items
                good,2026-03-01T10:00:00Z,order_placed,DE,2
                bad,2026-03-01T10:00:00Z,order_placed,"FR",two
                """);
        assertOneViolation(receipt, "properties.items");
        assertThat(stored(smartData)).containsExactly("good");
        assertThat(letters(smartData))
                .extracting(letter -> payload(smartData, letter))
                .containsExactly("bad,2026-03-01T10:00:00Z,order_placed,\"FR\",two");
    }

    @Test
    void eventsOfTheHostAreHeldToTheirSchemaToo() {
        SmartData smartData = under(ORDER.required(subject()));
        Event.Builder event = Event.named("order_placed", TIME).properties(Map.of("country", "DE", "items", 1));
        IngestReceipt receipt = smartData
                .ingest(acme(smartData))
                .events(List.of(
                        event.id("bad").build(), event.id("good").subject("u1").build()));
        assertOneViolation(receipt, "subject");
        assertThat(stored(smartData)).containsExactly("good");
        assertThat(letters(smartData))
                .extracting(letter -> payload(smartData, letter))
                .containsExactly(
                        "{\"id\":\"bad\",\"source\":\"default\",\"name\":\"order_placed\",\"occurredAt\":\"2026-03-01T10:00:00Z\",\"properties\":{\"country\":\"DE\",\"items\":1}}");
    }

    @Test
    void anUndeclaredPropertyIsNamedInWholeCharactersOnOneLine() {
        SmartData smartData = under(EventSchema.of("order_placed").closed());
        for (int before = 35; before < 60; before++) {
            String name = "x".repeat(before) + "\uD83D\uDE00".repeat(9);
            String shown = letterOf(smartData, name);
            assertThat("properties." + name).startsWith(shown.substring(0, shown.length() - 3));
        }
        assertThat(letterOf(smartData, "a\\r\\nlevel=ERROR")).isEqualTo("properties.a??level=ERROR");
    }

    /** Field of the letter of an order with this property. */
    private static String letterOf(SmartData smartData, String property) {
        IngestReceipt receipt = send(smartData, Format.NDJSON, """
                {"id":"x", "time":"2026-03-01T10:00:00Z", "name":"order_placed", "%s":1}""".formatted(property));
        DeadLetter letter = smartData
                .deadLetters(acme(smartData))
                .get(requireNonNull(receipt.outcomes().get(0).deadLetterId()));
        assertThat(letter.rejection().message()).doesNotMatch("(?s).*\\p{Cntrl}.*");
        return requireNonNull(letter.rejection().field());
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = "LENIENT", mode = EnumSource.Mode.EXCLUDE)
    void aFileThatIsAllOrNothingIsRefusedByOneViolation(Mode mode) {
        SmartData smartData = under(ORDER);
        String file = GOOD + "\n" + BAD + "\n";
        assertThatThrownBy(() -> smartData
                        .ingest(acme(smartData))
                        .input(
                                () -> new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
                                lenient().withMode(mode)))
                .isInstanceOfSatisfying(
                        IngestRefusedException.class,
                        refused -> assertThat(refused.badRows())
                                .extracting(
                                        row -> requireNonNull(row.rejection()).field())
                                .containsExactly("properties.country"));
        send(smartData, Format.NDJSON, line("later", "DE"));
        assertThat(stored(smartData)).containsExactly("later");
        assertThat(letters(smartData)).isEmpty();
    }

    @Test
    void anEventOfAnotherNameOrAVersionSwitchedOffIsNotLookedAt() {
        SmartData smartData = under(
                ORDER,
                EventSchema.of("order_placed")
                        .version("old")
                        .mode(SchemaMode.OFF)
                        .closed());
        IngestReceipt receipt = send(
                smartData,
                Format.NDJSON,
                BAD.replace("order_placed", "Order_placed") + "\n"
                        + BAD.replace("bad", "old").replace("}", ",\"schema_version\":\"old\"}"));
        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(receipt.warnings()).isEmpty();
    }

    @Test
    void aWarningIsAcceptedAndCountedInTheReceipt() {
        SmartData smartData = under(ORDER.mode(SchemaMode.WARN));
        String batch = "[" + BAD + "," + GOOD + "," + line("worse", "ES") + "]";
        IngestOptions keyed = lenient().withIdempotencyKey("k");
        IngestReceipt first = smartData.ingest(acme(smartData)).batch(batch.getBytes(StandardCharsets.UTF_8), keyed);
        assertThat(first.accepted()).isEqualTo(3);
        assertThat(first.warnings()).isEqualTo(Map.of("order_placed: properties.country", 2L));
        assertThat(stored(smartData)).containsExactly("bad", "good", "worse");
        assertThat(letters(smartData)).isEmpty();

        IngestReceipt retried = smartData.ingest(acme(smartData)).batch(batch.getBytes(StandardCharsets.UTF_8), keyed);
        assertThat(retried.id()).isEqualTo(first.id());
        assertThat(retried.warnings()).isEqualTo(first.warnings());

        IngestReceipt again = send(smartData, Format.JSON, batch);
        assertThat(again.duplicates()).isEqualTo(3);
        assertThat(again.warnings()).as("nothing was accepted").isEmpty();
    }

    @Test
    void warningsOfManyKindsAreCountedTogether() {
        SmartData smartData = under(EventSchema.of("order_placed").closed().mode(SchemaMode.WARN));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            lines.append(line("e" + i, "DE").replace("country", "country" + i)).append('\n');
        }
        IngestReceipt receipt = send(smartData, Format.NDJSON, lines.toString());
        assertThat(receipt.accepted()).isEqualTo(150);
        assertThat(receipt.warnings()).hasSize(101).containsEntry("others", 50L);
    }

    @Test
    void aReplayIsJudgedByTheSchemaOfItsTime() {
        SmartData strict = under(ORDER);
        send(strict, Format.NDJSON, GOOD + "\n" + BAD);
        send(strict, Format.CSV, """
                id,time,name,country,items
                cell,2026-03-01T10:00:00Z,order_placed,IT,2
                """);
        for (DeadLetter letter : letters(strict)) {
            ReplayReport replayed = strict.deadLetters(acme(strict)).replay(letter.id());
            assertThat(replayed.failedByCode()).containsOnlyKeys(RejectionCode.SCHEMA_VIOLATION);
        }
        assertThat(letters(strict)).hasSize(2).allMatch(letter -> letter.attempts() == 1);

        SmartData relaxed = under(EventSchema.of("order_placed").required(text("country"), number("items")));
        for (DeadLetter letter : letters(strict)) {
            assertThat(relaxed.deadLetters(acme(relaxed)).replay(letter.id()).accepted())
                    .isEqualTo(1);
        }
        assertThat(letters(relaxed)).isEmpty();
        assertThat(stored(relaxed)).containsExactly("bad", "cell", "good");
    }

    @Test
    void aCorrectedPayloadIsStored() {
        SmartData smartData = under(ORDER);
        send(smartData, Format.NDJSON, GOOD + "\n" + BAD);
        ReplayReport replayed = smartData
                .deadLetters(acme(smartData))
                .replay(letters(smartData).get(0).id(), line("bad", "FR").getBytes(StandardCharsets.UTF_8), false);
        assertThat(replayed.accepted()).isEqualTo(1);
        assertThat(stored(smartData)).containsExactly("bad", "good");
    }
}
