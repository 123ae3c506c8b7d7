package io.smartdata.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smartdata.SmartDataException;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.Limits;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends hostile input through the facade, each into an org of its own, and holds every call to the laws that no input may
 * break: counts add up; what is stored comes out and back in unchanged; what is not is a dead letter with its bytes, and
 * its replay is judged alike; a refused call leaves nothing.
 */
final class HostileCalls implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    static final String TIME = "2024-05-01T10:00:00Z";

    /** An event of CSV may be longer in JSON, where a control character takes six. */
    private static final int AS_JSON = 7;

    private final SmartData smartData;
    private final int replays;
    private int orgs;

    /**
     * @param replays of one call and code; the letters beyond are checked but not replayed
     */
    HostileCalls(Storage storage, int replays) {
        this.replays = replays;
        smartData = SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .orgZone(ZoneId.of("Europe/Berlin"))
                .clock(Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC))
                .build();
    }

    SmartData smartData() {
        return smartData;
    }

    OrgScope newOrg() {
        return scope("org-" + ++orgs);
    }

    OrgScope scope(String org) {
        return smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of(org),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.EXPORT,
                        Permission.VIEW_SENSITIVE);
    }

    @Override
    public void close() {
        smartData.close();
    }

    /** What became of one input. */
    record Sent(
            OrgScope scope,
            byte[] input,
            @Nullable IngestReceipt receipt,
            @Nullable SmartDataException refusal) {
        /** Such as {@code invalid_json}, {@code 3 []} or {@code 2 [1 duplicate, 4 invalid_time]}. */
        String verdict() {
            return refusal != null
                    ? refusal.code()
                    : requireNonNull(receipt).accepted()
                            + receipt.outcomes().stream()
                                    .filter(outcome -> outcome.outcome() != Outcome.ACCEPTED)
                                    .map(outcome -> outcome.row() + " " + HostileCalls.code(outcome))
                                    .collect(Collectors.joining(", ", " [", "]"));
        }

        List<EventOutcome> outcomes() {
            if (receipt == null) {
                throw new AssertionError("Refused: " + refusal, refusal);
            }
            return receipt.outcomes();
        }
    }

    static String code(EventOutcome outcome) {
        Rejection rejection = outcome.rejection();
        return rejection == null ? outcome.outcome().code() : rejection.code().code();
    }

    Sent batch(String body, Format format) {
        return batch(
                body.getBytes(StandardCharsets.UTF_8),
                ReadOptions.defaults("shop").withFormat(format));
    }

    /** As a client sends it to an API: good events are stored, bad ones dead-lettered. */
    Sent batch(byte[] body, ReadOptions read) {
        return sent(newOrg(), body, scope -> smartData.ingest(scope).batch(body, IngestOptions.lenient(read)));
    }

    /** As a file. */
    Sent file(byte[] body, ReadOptions read, Mode mode) {
        IngestOptions options = IngestOptions.lenient(read).withMode(mode);
        return sent(
                newOrg(), body, scope -> smartData.ingest(scope).input(() -> new ByteArrayInputStream(body), options));
    }

    private interface Call {
        IngestReceipt on(OrgScope scope);
    }

    private Sent sent(OrgScope scope, byte[] input, Call call) {
        IngestReceipt receipt;
        try {
            receipt = call.on(scope);
        } catch (SmartDataException e) {
            assertThat(String.valueOf(e.getMessage()))
                    .as("a sentence that echoes nothing long and breaks no log line")
                    .hasSizeLessThan(2000)
                    .doesNotMatch("(?s).*\\p{Cntrl}.*");
            assertThatThrownBy(() -> events(scope))
                    .as("a refused call leaves no org")
                    .hasMessageContaining("org");
            return new Sent(scope, input, null, e);
        }
        Sent sent = new Sent(scope, input, receipt, null);
        requireLawful(sent, receipt);
        return sent;
    }

    private void requireLawful(Sent sent, IngestReceipt receipt) {
        String events = events(sent.scope());
        assertThat(events.lines().count()).as("stored events").isEqualTo(receipt.accepted());
        requireLetters(sent, receipt);
        if (events.isEmpty()) {
            return;
        }
        byte[] exported = events.getBytes(StandardCharsets.UTF_8);
        IngestReceipt again = smartData
                .ingest(sent.scope())
                .input(
                        () -> new ByteArrayInputStream(exported),
                        IngestOptions.lenient(ReadOptions.defaults("other")
                                .withFormat(Format.NDJSON)
                                .withLimits(Limits.defaults().withMaxEventBytes(AS_JSON * 64 * 1024))));
        assertThat(again.duplicates())
                .as("exported events are the events that were stored, %s", again.outcomes())
                .isEqualTo(receipt.accepted())
                .isEqualTo(again.received());
    }

    private void requireLetters(Sent sent, IngestReceipt receipt) {
        Set<UUID> listed = new LinkedHashSet<>();
        var letters = smartData.deadLetters(sent.scope());
        for (EventOutcome outcome : receipt.outcomes()) {
            if (outcome.outcome() == Outcome.REJECTED || outcome.outcome() == Outcome.CONFLICT) {
                DeadLetter letter = letters.get(requireNonNull(outcome.deadLetterId()));
                Rejection rejection = requireNonNull(outcome.rejection());
                assertThat(letter.rejection().code()).isEqualTo(rejection.code());
                assertThat(rejection.message()).hasSizeLessThan(500).doesNotMatch("(?s).*\\p{Cntrl}.*");
                assertThat(holds(sent.input(), letters.payload(letter.id())))
                        .as("bytes of row %d: %s", outcome.row(), letter)
                        .isTrue();
                listed.add(letter.id());
            }
        }
        assertThat(letters.list(DeadLetterQuery.any(100_000)))
                .extracting(DeadLetter::id)
                .as("every letter is in the receipt")
                .hasSize(
                        receipt.outcomesTruncated() ? (int) (receipt.rejected() + receipt.conflicts()) : listed.size());
        Map<RejectionCode, Integer> replayed = new EnumMap<>(RejectionCode.class);
        for (UUID id : listed) {
            DeadLetter before = letters.get(id);
            if (replayed.merge(before.rejection().code(), 1, Integer::sum) <= replays) {
                byte[] payload = letters.payload(id);
                assertThat(letters.replay(id).failedByCode())
                        .as("replay of %s", before)
                        .isEqualTo(Map.of(before.rejection().code(), 1L));
                assertThat(letters.get(id).status()).isEqualTo(DeadLetter.Status.OPEN);
                assertThat(letters.payload(id)).isEqualTo(payload);
            }
        }
    }

    private static boolean holds(byte[] input, byte[] payload) {
        String all = new String(input, StandardCharsets.ISO_8859_1);
        return all.contains(new String(payload, StandardCharsets.ISO_8859_1));
    }

    /** Every stored event of an org, one line each. */
    String events(OrgScope scope) {
        return export(scope, ExportFormat.NDJSON);
    }

    String export(OrgScope scope, ExportFormat format) {
        StringWriter out = new StringWriter();
        smartData.exports(scope).events(EventRange.all(), format, out);
        return out.toString();
    }

    /** Stored events by their id. */
    Map<String, JsonNode> stored(OrgScope scope) {
        Map<String, JsonNode> stored = new HashMap<>();
        events(scope).lines().forEach(line -> {
            JsonNode event = tree(line);
            stored.put(event.path("id").asText(), event);
        });
        return stored;
    }

    static JsonNode tree(String json) {
        try {
            return JSON.reader()
                    .with(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(
                    c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c) ? "\\u%04x".formatted((int) c) : c);
        }
        return '"' + out.toString() + '"';
    }

    /**
     * One hostile event.
     *
     * @param label says which
     * @param members members of a JSON object as they are written, without the id
     * @param cells of CSV, one per column; null if CSV cannot hold it
     */
    record Case(String label, String members, @Nullable List<String> cells) {}

    /**
     * What became of a case.
     *
     * @param ndjson {@code accepted} or a code
     * @param json of a JSON array; the same, or the code of the refused whole
     * @param csv as {@code ndjson}; null if CSV cannot hold it
     * @param event as it was stored by NDJSON, or null
     * @param fromCsv as it was stored by CSV, or null
     */
    record Fate(
            Case sent,
            String ndjson,
            String json,
            @Nullable String csv,
            @Nullable JsonNode event,
            @Nullable JsonNode fromCsv) {
        boolean accepted() {
            return ndjson.equals("accepted");
        }

        /** True if every path has the same verdict, and stored the same. */
        boolean alike() {
            boolean json = ndjson.equals(this.json);
            boolean csv = this.csv == null || accepted() == this.csv.equals("accepted");
            return json && csv && (fromCsv == null || fromCsv.equals(event));
        }
    }

    /**
     * Sends cases as NDJSON, as a JSON array and as CSV, among good neighbours.
     *
     * @param header columns of the cells
     */
    List<Fate> onEveryPath(List<Case> cases, String header) {
        List<String> objects = new ArrayList<>();
        StringBuilder csv = new StringBuilder("id,").append(header).append('\n');
        List<Integer> inCsv = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            objects.add("{\"id\":\"c%d\",%s}".formatted(i, cases.get(i).members()));
            List<String> cells = cases.get(i).cells();
            if (cells != null) {
                inCsv.add(i);
                csv.append('c').append(i);
                cells.forEach(cell ->
                        csv.append(",\"").append(cell.replace("\"", "\"\"")).append('"'));
                csv.append('\n');
            }
        }
        Sent lines = batch(String.join("\n", objects), Format.NDJSON);
        Map<String, JsonNode> stored = stored(lines.scope());
        List<String> codes = lines.outcomes().stream().map(HostileCalls::code).toList();
        assertThat(codes).hasSameSizeAs(cases);
        String[] arrayCodes = inArrays(objects, codes);

        String[] csvCodes = new String[cases.size()];
        Map<String, JsonNode> cells = new HashMap<>();
        if (!inCsv.isEmpty()) {
            Sent rows = batch(csv.toString(), Format.CSV);
            cells.putAll(stored(rows.scope()));
            for (int i = 0; i < inCsv.size(); i++) {
                csvCodes[inCsv.get(i)] = code(rows.outcomes().get(i));
            }
        }
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            fates.add(new Fate(
                    cases.get(i), codes.get(i), arrayCodes[i], csvCodes[i], stored.get("c" + i), cells.get("c" + i)));
        }
        return fates;
    }

    /** Those that are JSON in one array, each other one in an array of its own, which it spoils. */
    private String[] inArrays(List<String> objects, List<String> codes) {
        String[] arrayCodes = new String[objects.size()];
        List<String> sound = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            if (codes.get(i).equals("invalid_json")) {
                String good = "{\"id\":\"g\",\"name\":\"good\",\"ts\":\"" + TIME + "\"}";
                SmartDataException refusal = batch("[" + good + "," + objects.get(i) + "]", Format.JSON)
                        .refusal();
                arrayCodes[i] = refusal == null ? "accepted" : refusal.code();
            } else {
                sound.add(objects.get(i));
            }
        }
        if (!sound.isEmpty()) {
            Sent array = batch("[" + String.join(",\n", sound) + "]", Format.JSON);
            List<EventOutcome> outcomes = array.outcomes();
            int next = 0;
            for (int i = 0; i < arrayCodes.length; i++) {
                if (arrayCodes[i] == null) {
                    arrayCodes[i] = code(outcomes.get(next++));
                }
            }
        }
        return arrayCodes;
    }

    /** A case of a name, a time and one more field. */
    static Case with(String label, String field, String token, @Nullable String cell) {
        return new Case(
                label,
                "\"name\":\"t\",\"ts\":\"%s\",\"%s\":%s".formatted(TIME, field, token),
                cell == null ? null : Arrays.asList("t", TIME, cell));
    }
}
