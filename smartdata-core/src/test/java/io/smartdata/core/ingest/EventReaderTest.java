package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    private static final String CSV = """
            timestamp,metric,value,user_id,country
            2024-05-01T10:00:00Z,sale,1.50,u1,DE
            2024-05-02T10:00:00Z,sale,2,u2,AT
            """;

    @Test
    void csvRowBecomesAnEvent() {
        Reading reading = Reading.of(CSV);
        Event event = reading.events().get(0);
        assertThat(event.name()).isEqualTo("sale");
        assertThat(event.source()).isEqualTo("shop");
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2024-05-01T10:00:00Z"));
        assertThat(event.value()).isEqualByComparingTo("1.5");
        assertThat(event.subject()).isEqualTo("u1");
        assertThat(event.properties().json()).isEqualTo("{\"country\":\"DE\"}");
        assertThat(reading.rows()).extracting(ReadEvent::row).containsExactly(2L, 3L);
        assertThat(reading.rows().get(1).original().bytes())
                .isEqualTo("2024-05-02T10:00:00Z,sale,2,u2,AT".getBytes(StandardCharsets.UTF_8));
        assertThat(reading.identity()).isEqualTo(Identity.CONTENT);
        assertThat(reading.detected())
                .containsEntry("format", "csv")
                .containsEntry("compression", "none")
                .containsEntry("charset", "UTF-8")
                .containsEntry("delimiter", "comma")
                .containsEntry("zone", "Europe/Berlin");
        assertThat(reading.detected().get("columns"))
                .contains("timestamp->occurredAt", "metric->name", "value->value", "user_id->subject");
    }

    @Test
    void tabIsDetectedAndOtherDelimitersMustBeDeclared() {
        assertThat(Reading.of(CSV.replace(',', '\t')).detected()).containsEntry("delimiter", "tab");
        Reading refused = Reading.of(CSV.replace(',', ';'));
        assertThat(refused.code()).isEqualTo("invalid_csv");
        assertThat(refused.failure()).hasMessageContaining("\";\"").hasMessageContaining("delimiter");
        Reading declared = Reading.of(CSV.replace(',', ';'), Reading.OPTIONS.withDelimiter(';'));
        assertThat(declared.events()).isEqualTo(Reading.of(CSV).events());
    }

    @Test
    void sameEventHasTheSameFingerprintFromCsvJsonAndJava() {
        byte[] csv = fingerprint(
                Reading.of("id,ts,name,value,subject,n,b,empty\n1,2024-05-01T10:00:00Z,sale,1.50,u,5,true,\n"));
        byte[] json = fingerprint(
                Reading.of(
                        "[{\"b\":true,\"n\":5,\"subject\":\"u\",\"value\":1.5,\"ts\":\"2024-05-01T12:00:00+02:00\",\"name\":\"sale\",\"id\":\"1\",\"gone\":null}]"));
        Event java = Event.named("sale", Instant.parse("2024-05-01T10:00:00Z"))
                .id("1")
                .value("15e-1")
                .subject("u")
                .properties(Map.of("n", 5, "b", "true"))
                .build();
        assertThat(csv).isEqualTo(json).isEqualTo(Fingerprint.of(java, Reading.ORG.hashKey()));
    }

    private static byte[] fingerprint(Reading reading) {
        reading.only();
        return ((ReadEvent.Valid) reading.rows().get(0)).candidate().fingerprint();
    }

    @Test
    void equalRowsOfOneFileAreSeveralEvents() {
        String row = "2024-05-01T10:00:00Z,sale,1\n";
        List<Event> events = Reading.of("ts,name,value\n" + row + row + row).events();
        assertThat(events).extracting(Event::id).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void rereadShuffledExtendedAndReorderedFilesGiveTheSameIds() {
        long seed = 42;
        List<String> rows = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            rows.add("2024-05-%02dT10:00:00Z,n%d,%d"
                    .formatted(1 + random.nextInt(5), random.nextInt(3), random.nextInt(4)));
        }
        Set<EventId> first = ids("ts,name,value\n" + String.join("\n", rows));
        assertThat(first).hasSize(300);
        Collections.shuffle(rows, random);
        assertThat(ids("ts,name,value\r\n" + String.join("\r\n", rows)))
                .as("seed %d", seed)
                .isEqualTo(first);
        List<String> reordered = new ArrayList<>();
        for (String row : rows) {
            String[] cells = row.split(",");
            reordered.add("\"%s.0\"\t%s\t%s".formatted(cells[2], cells[0], cells[1]));
        }
        assertThat(ids("AMOUNT\ttimestamp\tmetric\n" + String.join("\n", reordered)))
                .isEqualTo(first);
        rows.add(rows.get(0));
        assertThat(ids("ts,name,value\n" + String.join("\n", rows)))
                .hasSize(301)
                .containsAll(first);
    }

    private static Set<EventId> ids(String csv) {
        Reading reading = Reading.of(csv);
        assertThat(reading.clean()).isTrue();
        Set<EventId> ids = new HashSet<>();
        reading.events().forEach(event -> ids.add(event.id()));
        return ids;
    }

    @Test
    void occurrencesAreExactWhenTheySpillToAFile() throws IOException {
        long seed = 7;
        Random random = new Random(seed);
        Map<Long, Long> expected = new HashMap<>();
        OccurrenceCounter counter = new OccurrenceCounter(64, 5);
        try (counter) {
            for (int i = 0; i < 20_000; i++) {
                long key = random.nextInt(5_000);
                assertThat(counter.count(key, -key)).as("seed %d", seed).isEqualTo(expected.merge(key, 1L, Long::sum));
            }
            assertThat(counter.spilled()).isTrue();
        }
    }

    @Test
    void idColumnMakesClientIdentityAndAnEmptyIdIsMissing() {
        Reading reading = Reading.of("id,ts,name\na,2024-05-01,x\n,2024-05-01,x\n");
        assertThat(reading.identity()).isEqualTo(Identity.CLIENT);
        assertThat(reading.events().get(0).id()).isEqualTo(EventId.of("a"));
        assertThat(reading.rejections()).containsExactly("3 missing_id");
    }

    @Test
    void anEventWithoutIdBeforeOthersWithIdIsMissingOne() {
        Reading reading = Reading.of(
                "[{\"ts\":\"2024-05-01\",\"name\":\"x\"},{\"id\":\"b\",\"ts\":\"2024-05-01\",\"name\":\"x\"},{\"id\":7,\"ts\":\"2024-05-01\",\"name\":\"x\"}]");
        assertThat(reading.rejections()).containsExactly("1 missing_id");
        assertThat(reading.events()).extracting(event -> event.id().text()).containsExactly("b", "7");
    }

    @Test
    void naturalIdentityIsSourceTimeAndName() {
        List<Event> events = Reading.of(
                        "ts,name,value,source\n2024-05-01,x,1,a\n2024-05-01,x,2,a\n2024-05-01,x,2,b\n",
                        Reading.OPTIONS.withIdentity(Identity.NATURAL))
                .events();
        assertThat(events.get(0).id())
                .isEqualTo(events.get(1).id())
                .isNotEqualTo(events.get(2).id());
    }

    @Test
    void declaredContentIdentityKeepsAnIdAsProperty() {
        Event event = Reading.of("id,ts,name\n9,2024-05-01,x\n", Reading.OPTIONS.withIdentity(Identity.CONTENT))
                .only();
        assertThat(event.properties().json()).isEqualTo("{\"id\":\"9\"}");
    }

    @Test
    void ofTwoAliasesTheBetterOneWinsAndTheOtherIsAProperty() {
        Reading fromCsv = Reading.of("type,event_name,ts,date\nweak,strong,2024-05-01,2020-01-01\n");
        Reading fromJson = Reading.of(
                "{\"type\":\"weak\",\"event_name\":\"strong\",\"date\":\"2020-01-01\",\"ts\":\"2024-05-01\"}");
        for (Reading reading : List.of(fromCsv, fromJson)) {
            assertThat(reading.only().name()).isEqualTo("strong");
            assertThat(reading.only().properties().json()).isEqualTo("{\"date\":\"2020-01-01\",\"type\":\"weak\"}");
            assertThat(reading.only().occurredAt()).isEqualTo(fromCsv.only().occurredAt());
            assertThat(reading.detected().get("columns")).contains("type->property", "date->property");
        }
        assertThat(fromCsv.detected())
                .containsEntry("columns", "event_name->name, ts->occurredAt, type->property, date->property");
    }

    @Test
    void nestedPropertiesAreMergedAndClashesRefused() {
        Event event = Reading.of(
                        "{\"ts\":\"2024-05-01\",\"name\":\"x\",\"properties\":{\"b\":1.00},\"context\":{\"a\":[true,null]}}")
                .only();
        assertThat(event.properties().json()).isEqualTo("{\"a\":[true,null],\"b\":1.00}");
        assertThat(Reading.of("{\"ts\":\"2024-05-01\",\"name\":\"x\",\"b\":1,\"properties\":{\"b\":1}}")
                        .rejections())
                .containsExactly("1 duplicate_field");
    }

    @Test
    void customMappingOverridesAliases() {
        ReadOptions options = Reading.OPTIONS
                .withMapping(Map.of("occurredAt", "When", "value", "net"))
                .withDefaultName("sale");
        Event event = Reading.of("when,timestamp,net,amount\n2024-05-01,2020-01-01,5,6\n", options)
                .only();
        assertThat(event.value()).isEqualByComparingTo("5");
        assertThat(event.name()).isEqualTo("sale");
        assertThat(event.properties().json()).isEqualTo("{\"amount\":\"6\",\"timestamp\":\"2020-01-01\"}");
        assertThat(Reading.of("timestamp\n2024-05-01\n", options).code()).isEqualTo("invalid_csv");
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.OPTIONS.withMapping(Map.of("when", "x")));
    }

    @Test
    void eventOfAnotherOrgIsRejectedAndItsOwnOrgAccepted() {
        Reading reading = Reading.of("org,ts,name\norg-a,2024-05-01,x\norg-b,2024-05-01,x\n");
        assertThat(reading.events()).hasSize(1);
        assertThat(reading.rejections()).containsExactly("3 org_mismatch");
        assertThat(Reading.of("{\"orgId\":\"org-b\",\"events\":[{\"ts\":\"2024-05-01\",\"name\":\"x\"}]}")
                        .code())
                .isEqualTo("org_mismatch");
        assertThat(Reading.of("{\"events\":[{\"ts\":\"2024-05-01\",\"name\":\"x\"}],\"orgId\":\"org-b\"}")
                        .code())
                .isEqualTo("org_mismatch");
    }

    @Test
    void envelopeMembersThatAreIgnoredAreNamed() {
        Reading reading =
                Reading.of("{\"batchId\":4,\"events\":[{\"ts\":\"2024-05-01\",\"name\":\"x\"}],\"sent\":true}");
        assertThat(reading.only().name()).isEqualTo("x");
        assertThat(reading.detected()).containsEntry("ignored", "batchId, sent");
        assertThat(Reading.of("{\"events\":[],\"events\":[]}").code()).isEqualTo("duplicate_field");
    }

    @Test
    void localTimesTakeTheZoneWithGapsForwardAndOverlapsEarlier() {
        String csv = "name,ts\nx,2024-03-31 02:30:00\nx,2024-10-27 02:30\nx,2024-05-01\n";
        assertThat(Reading.of(csv).events())
                .extracting(Event::occurredAt)
                .containsExactly(
                        Instant.parse("2024-03-31T01:30:00Z"),
                        Instant.parse("2024-10-27T00:30:00Z"),
                        Instant.parse("2024-04-30T22:00:00Z"));
        assertThat(Reading.of(csv, Reading.OPTIONS.withZone(ZoneId.of("UTC")))
                        .events()
                        .get(2)
                        .occurredAt())
                .isEqualTo(Instant.parse("2024-05-01T00:00:00Z"));
    }

    @Test
    void rejectedRowReplaysFromItsBytesAndContext() {
        ReadOptions options =
                Reading.OPTIONS.withZone(ZoneId.of("America/New_York")).withDefaultName("x");
        for (String input : List.of(
                "ts\tvalue\tnote\n2024-05-01 10:00\t1,5\t\"a\nb\"\n",
                "[ {\"ts\":\"2024-05-01 10:00\",\n\"value\":\"1,5\",\"note\":\"a\\nb\"} ]",
                "{\"ts\":\"2024-05-01 10:00\",\"value\":\"1,5\",\"note\":\"a\\nb\"}\n{}")) {
            Reading reading = Reading.of(input, options);
            ReadEvent.Invalid invalid = (ReadEvent.Invalid) reading.rows().get(0);
            String format = requireNonNull(reading.detected().get("format"));
            String fixed = new String(invalid.original().bytes(), StandardCharsets.UTF_8)
                    .replace("\"1,5\"", "1.5")
                    .replace("1,5", "1.5");
            try (EventReader replay = replay(fixed, format, reading.contexts().get(0))) {
                ReadEvent.Valid valid = requireNonNull((ReadEvent.Valid) replay.next());
                Event event = valid.candidate().event();
                assertThat(event.value()).isEqualByComparingTo(new BigDecimal("1.5"));
                assertThat(event.name()).isEqualTo("x");
                assertThat(event.occurredAt()).isEqualTo(Instant.parse("2024-05-01T14:00:00Z"));
                assertThat(event.properties().json()).isEqualTo("{\"note\":\"a\\nb\"}");
                assertThat(replay.next()).isNull();
            }
        }
    }

    private static EventReader replay(String payload, String format, String context) {
        return EventReader.replay(
                payload.getBytes(StandardCharsets.UTF_8),
                format,
                context,
                Limits.defaults(),
                Reading.ORG,
                Reading.NOW,
                Reading.RECEIPT);
    }

    @Test
    void equalRejectedRowsKeepTheirNumbersWhenReplayed() {
        Reading reading = Reading.of("ts,name\n2027-05-01,x\n2027-05-01,x\n");
        assertThat(reading.rejections()).containsExactly("2 in_future", "3 in_future");
        Set<EventId> ids = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            try (EventReader replay = EventReader.replay(
                    reading.rows().get(i).original().bytes(),
                    "csv",
                    reading.contexts().get(i),
                    Limits.defaults(),
                    Reading.ORG,
                    Instant.parse("2028-01-01T00:00:00Z"),
                    Reading.RECEIPT)) {
                ids.add(requireNonNull((ReadEvent.Valid) replay.next())
                        .candidate()
                        .event()
                        .id());
            }
        }
        assertThat(ids).hasSize(2);
    }

    @Test
    void originalBytesOfEveryRowMakeUpTheFile() {
        String csv = "ts,name,note\r2024-05-01,x,\"a\rb\"\r\n\r\n2024-05-01,,ö𝒜\nbad\n2024-05-01,x,";
        Reading reading = Reading.of(csv);
        assertThat(reading.rejections()).containsExactly("5 missing_name", "6 invalid_csv");
        assertThat(reading.rows())
                .extracting(row -> new String(row.original().bytes(), StandardCharsets.UTF_8))
                .containsExactly("2024-05-01,x,\"a\rb\"", "2024-05-01,,ö𝒜", "bad", "2024-05-01,x,");
    }

    @Test
    void onlyLinesOfSpacesAndTabsArePassedOver() {
        Reading csv = Reading.of("ts,name\n \t \n\"\"\n\"  \"\n\u2003\n2024-05-01,x\n");
        assertThat(csv.rejections()).containsExactly("3 invalid_csv", "4 invalid_csv", "5 invalid_csv");
        assertThat(csv.events()).hasSize(1);
        Reading tsv = Reading.of("ts\tname\n\t\n2024-05-01\tx\n");
        assertThat(tsv.rejections()).isEmpty();
        assertThat(tsv.events()).hasSize(1);
    }

    @Test
    void rowOfVeryManyCellsIsRejectedAlone() {
        Reading reading = Reading.of("ts,name\n" + "x,".repeat(20_000) + "\n2024-05-01,x\n");
        assertThat(reading.rejections()).containsExactly("2 invalid_csv");
        assertThat(reading.events()).hasSize(1);
    }

    @Test
    void badNdjsonLinesFailAlone() {
        String good = "{\"ts\":\"2024-05-01\",\"name\":\"x\"}";
        Reading reading = Reading.of(good + "\n" + good + "\r\n\n{\"ts\":\nnull\n" + good);
        assertThat(reading.failure()).isNull();
        assertThat(reading.events()).hasSize(3);
        assertThat(reading.rejections()).containsExactly("4 invalid_json", "5 invalid_json");
        assertThat(reading.detected()).containsEntry("format", "ndjson");
    }

    @Test
    void brokenDocumentNamesItsPosition() {
        Reading reading = Reading.of("[{\"ts\":\"2024-05-01\",\"name\":\"x\"},\n {\"a\":01}]");
        assertThat(reading.code()).isEqualTo("invalid_json");
        assertThat(reading.failure()).hasMessageContaining("line 2").hasMessageContaining("event 2");
        assertThat(requireNonNull((InvalidInputException) reading.failure()).row())
                .isEqualTo(2);
    }

    @Test
    void oversizedRowsAreRejectedAloneAndKeptInPart() {
        String big = "x".repeat(3_000_000);
        Reading csv = Reading.of("ts,name,note\n2024-05-01,x,\"" + big + "\"\n2024-05-01,x,y\n");
        assertThat(csv.rejections()).containsExactly("2 event_too_large");
        assertThat(csv.events()).hasSize(1);
        assertThat(csv.rows().get(0).original().bytes()).hasSize(CharSource.MAX_KEPT);
        String good = "{\"ts\":\"2024-05-01\",\"name\":\"x\"}";
        Reading json = Reading.of("[{\"note\":\"" + big + "\"}," + good + "]");
        assertThat(json.rejections()).containsExactly("1 event_too_large");
        assertThat(json.events()).hasSize(1);
        Reading ndjson = Reading.of(good + "\n{\"note\":\"" + big + "\"}\n" + good + "\n");
        assertThat(ndjson.rejections()).containsExactly("2 event_too_large");
        assertThat(ndjson.events()).hasSize(2);
        assertThat(ndjson.rows().get(1).original().bytes()).hasSize(CharSource.MAX_KEPT);
    }

    @Test
    void gzipIsReadAndABombIsRefused() throws IOException {
        Reading small = Reading.of(gzip(CSV.getBytes(StandardCharsets.UTF_8)), Reading.OPTIONS);
        assertThat(small.events()).isEqualTo(Reading.of(CSV).events());
        assertThat(small.detected()).containsEntry("compression", "gzip");
        byte[] bomb = gzip((CSV + "\n".repeat(50_000_000)).getBytes(StandardCharsets.UTF_8));
        assertThat(Reading.of(bomb, Reading.OPTIONS).code()).isEqualTo("ratio");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void declaredCharsetsAreReadAndOthersRefused() {
        byte[] latin1 = "ts,name\n2024-05-01,é\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Reading.of(latin1, Reading.OPTIONS).code()).isEqualTo("invalid_encoding");
        Reading declared = Reading.of(latin1, Reading.OPTIONS.withCharset(StandardCharsets.ISO_8859_1));
        assertThat(declared.only().name()).isEqualTo("é");
        assertThat(declared.rows().get(0).original().bytes())
                .isEqualTo("2024-05-01,é".getBytes(StandardCharsets.ISO_8859_1));
        byte[] utf16 = "[{\"ts\":\"2024-05-01\",\"name\":\"é\"}]".getBytes(StandardCharsets.UTF_16LE);
        assertThat(Reading.of(utf16, Reading.OPTIONS).code()).isEqualTo("unsupported_media_type");
        assertThat(Reading.of(utf16, Reading.OPTIONS.withCharset(StandardCharsets.UTF_16LE))
                        .only()
                        .name())
                .isEqualTo("é");
    }

    @Test
    void epochTimesAreCutToMicrosecondsAndNeverOverflow() {
        ReadOptions seconds = Reading.OPTIONS.withEpochUnit(EpochUnit.SECONDS);
        assertThat(Reading.of("ts,name\n1714557600.1234569,x\n", seconds).only().occurredAt())
                .isEqualTo(Instant.parse("2024-05-01T10:00:00.123456Z"));
        assertThat(Reading.of("ts,name\n999999999999,x\n999999999999999,x\n", seconds)
                        .rejections())
                .containsExactly("2 in_future", "3 invalid_time");
        assertThat(Reading.of("ts,name\n2024-05-01T00:00:00Z,x\n", seconds).clean())
                .isTrue();
    }

    @Test
    void optionsThatCouldMakeNoEventAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ReadOptions.defaults(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.OPTIONS.withDefaultName("x".repeat(201)));
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.OPTIONS.withDelimiter('"'));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.defaults().withMaxEventBytes(1 << 20));
    }

    @Test
    void emptyInputIsRefused() {
        for (String text : List.of("", " \n\r\n\t", "\uFEFF")) {
            assertThat(Reading.of(text).code()).isEqualTo("empty_input");
        }
        assertThat(Reading.of("<html></html>").code()).isEqualTo("unsupported_media_type");
        assertThat(Reading.of("[]").clean()).isTrue();
    }

    @Test
    void javaEventsKeepTheSameRules() {
        Instant time = Instant.parse("2024-05-01T10:00:00Z");
        assertThat(check(Event.named("x", time).id("1").build())).isNull();
        assertThat(check(Event.named("x\0", time).id("1").build())).isEqualTo("invalid_encoding");
        assertThat(check(Event.named("x\7", time).id("1").build())).isEqualTo("invalid_name");
        assertThat(check(Event.named("x", time).id("1").value("1e400").build())).isEqualTo("invalid_value");
        assertThat(check(Event.named("x", Reading.NOW.plusSeconds(301)).id("1").build()))
                .isEqualTo("in_future");
        assertThat(check(Event.named("x", time)
                        .id("1")
                        .properties(Map.of("a", "\0"))
                        .build()))
                .isEqualTo("invalid_encoding");
        assertThat(check(Event.named("x", time)
                        .id("1")
                        .properties(Map.of("a", "y".repeat(70_000)))
                        .build()))
                .isEqualTo("event_too_large");
        Object deep = 1;
        for (int i = 0; i < 20; i++) {
            deep = List.of(deep);
        }
        assertThat(check(Event.named("x", time)
                        .id("1")
                        .properties(Map.of("a", deep))
                        .build()))
                .isEqualTo("too_deep");
    }

    private static @Nullable String check(Event event) {
        var rejection = EventValidator.check(event, Limits.defaults(), Reading.ORG, Reading.NOW);
        return rejection == null ? null : rejection.code().code();
    }
}
