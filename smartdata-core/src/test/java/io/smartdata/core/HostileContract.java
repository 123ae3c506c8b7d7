package io.smartdata.core;

import static io.smartdata.core.HostileCalls.TIME;
import static io.smartdata.core.HostileCalls.quoted;
import static io.smartdata.core.HostileCalls.tree;
import static io.smartdata.core.HostileCalls.with;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.SmartDataException;
import io.smartdata.core.HostileCalls.Case;
import io.smartdata.core.HostileCalls.Fate;
import io.smartdata.core.HostileCalls.Sent;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The hostile set through the facade, on whatever storage: as a batch of JSON, NDJSON or CSV, as a file, and replayed. A
 * failure lists every deviation; {@code docs/hostile-input.md} lists every exception with its reason.
 */
@Timeout(120)
public abstract class HostileContract {
    private static final ReadOptions READ = ReadOptions.defaults("shop");

    private final List<String> deviations = new ArrayList<>();
    private int cases;
    private @Nullable HostileCalls calls;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    /** Dead letters of one call and code that are replayed; what differs between storages shows in a few. */
    protected int replays() {
        return 2;
    }

    @BeforeEach
    final void open() throws Exception {
        calls = new HostileCalls(newStorage(), replays());
    }

    @AfterEach
    final void close() {
        calls().close();
    }

    private HostileCalls calls() {
        return requireNonNull(calls);
    }

    private void expect(boolean held, String name, @Nullable Object was) {
        cases++;
        if (!held) {
            String shown = name + ": " + was;
            deviations.add(shown.length() > 300 ? shown.substring(0, 300) + "..." : shown);
        }
    }

    private void done(int atLeast) {
        assertThat(deviations).as(cases + " cases").isEmpty();
        assertThat(cases).isGreaterThanOrEqualTo(atLeast);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] joined(String before, byte[] middle, String after) {
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] tail = after.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + middle.length + tail.length);
        System.arraycopy(middle, 0, all, head.length, middle.length);
        System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
        return all;
    }

    private static List<JsonNode> lines(String path) {
        return HostileFiles.lines(path).stream().map(HostileCalls::tree).toList();
    }

    @Test
    void batches() {
        Map<String, String> expected = new TreeMap<>();
        expected.put("array-root", "1 []");
        expected.put("bom-utf8", "1 []");
        expected.put("deep-payload", "2 [2 too_deep]");
        expected.put("dup-in-batch", "2 [2 duplicate]");
        expected.put("duplicate-json-key-org", "0 [1 duplicate_field]");
        expected.put("empty", "0 []");
        expected.put("events-is-object", "invalid_json");
        expected.put("foreign-org-in-event", "1 [1 org_mismatch, 2 org_mismatch]");
        expected.put("future-and-past", "2 [1 in_future]");
        expected.put("huge-string", "0 [1 event_too_large]");
        expected.put("late-reopens-day", "1 []");
        expected.put("latin1", "invalid_encoding");
        expected.put("lone-surrogate", "2 [2 invalid_encoding]");
        expected.put("many-fields", "0 [1 event_too_large]");
        expected.put("mass-assignment", "1 []");
        expected.put("missing-events", "invalid_json");
        expected.put(
                "not-objects",
                "0 [1 invalid_json, 2 invalid_json, 3 invalid_json, 4 invalid_json, 5 invalid_json, 6 missing_time]");
        expected.put("nul-in-payload", "2 [2 invalid_encoding]");
        expected.put("over-count", "batch_too_large");
        expected.put("poison-in-the-middle", "3 [2 invalid_time, 4 invalid_value]");
        expected.put("same-key-different-payload", "1 [2 id_conflict]");
        expected.put("trailing-garbage", "invalid_json");
        expected.put("truncated", "invalid_json");
        expected.put("two-documents", "invalid_json");
        expected.put("utf16", "invalid_encoding");
        HostileFiles.of("batches").forEach((file, body) -> {
            if (!file.endsWith(".expect.json")) {
                String name = file.replace(".json", "");
                String was = calls().batch(body, READ).verdict();
                expect(was.equals(expected.get(name)), name, was);
                Sent asFile = calls().file(body, READ, Mode.LENIENT);
                String fileVerdict = switch (name) {
                    case "dup-in-batch" -> "2 []"; // the receipt of a file lists what went wrong only
                    case "over-count" -> "10001 []"; // a file has no limit of events
                    default -> was;
                };
                expect(asFile.verdict().equals(fileVerdict), name + " as a file", asFile.verdict());
            }
        });
        done(50);
    }

    @Test
    void csvFilesAreStoredWholeOrNotAtAll() {
        Map<String, byte[]> files = HostileFiles.of("csv-ingest");
        files.forEach((name, body) -> {
            if (name.endsWith(".csv")) {
                JsonNode expected = tree(utf8(requireNonNull(files.get(name + ".expect.json"))));
                Sent strict = calls().file(body, READ, Mode.STRICT);
                Sent lenient = calls().batch(body, READ);
                if (expected.path("status").asInt() == 400) {
                    expect(strict.refusal() != null, name, strict.verdict());
                }
                if (expected.has("accepted")) {
                    expect(strict.verdict().equals(expected.get("accepted") + " []"), name, strict.verdict());
                }
                int row = expected.path("row").asInt(expected.path("line").asInt());
                if (row > 0) {
                    String message = String.valueOf(strict.refusal());
                    expect(message.contains("Row " + row + ","), name, message);
                    expect(lenient.verdict().contains("[" + row + " "), name, lenient.verdict());
                }
                expect(
                        lenient.verdict().endsWith(" []")
                                ? lenient.verdict().equals(strict.verdict())
                                : strict.refusal() != null,
                        name + " lenient",
                        lenient.verdict() + ", strict " + strict.verdict());
            }
        });
        done(30);
    }

    @Test
    void compressedFilesAreReadWholeOrNotAtAll() {
        Map<String, String> expected = new TreeMap<>(Map.of(
                "ok.csv.gz", "2000 []",
                "two-members.csv.gz", "2000 []",
                "truncated.csv.gz", "invalid_gzip",
                "bad-crc.csv.gz", "invalid_gzip",
                "bad-length.csv.gz", "invalid_gzip",
                "trailing-garbage.csv.gz", "invalid_gzip",
                "bomb-nested.gz", "unsupported_media_type",
                "slip.zip", "unsupported_media_type",
                "many-entries.zip", "unsupported_media_type",
                "lying-size.zip", "unsupported_media_type"));
        expected.put("bomb-ratio.gz", "ratio");
        Map<String, byte[]> files = HostileFiles.of("compressed");
        expected.forEach((name, verdict) -> {
            byte[] body = requireNonNull(files.get(name));
            String batch = calls().batch(body, READ).verdict();
            expect(batch.equals(verdict), name, batch);
            String strict = calls().file(body, READ, Mode.STRICT).verdict();
            expect(strict.equals(verdict), name + " strict", strict);
        });
        Sent plain = calls().batch(requireNonNull(files.get("not-gzip.csv.gz")), READ);
        expect(plain.refusal() == null, "not-gzip is read as the text it is", plain.verdict());
        done(23);
    }

    @Test
    void jsonBeyondTheLimits() {
        HostileFiles.of("json-limits").forEach((name, body) -> {
            if (!name.equals("expect.json")) {
                for (Format format : List.of(Format.JSON, Format.NDJSON)) {
                    Sent sent = calls().batch(body, READ.withFormat(format));
                    expect(sent.refusal() != null || sent.verdict().startsWith("0 "), name, sent.verdict());
                }
                String payload = utf8(body).strip();
                Sent inside = calls().batch(
                                line("a", TIME, "\"p\":1") + "\n" + line("b", TIME, "\"p\":" + payload), Format.NDJSON);
                boolean kept = name.equals("name-length-60000.json");
                expect(inside.verdict().startsWith(kept ? "2 []" : "1 [2 "), name + " inside", inside.verdict());
            }
        });
        done(15);
    }

    private static String line(String id, String time, String member) {
        return "{\"id\":\"%s\",\"name\":\"t\",\"ts\":\"%s\",%s}".formatted(id, time, member);
    }

    @Test
    void jsonTestSuite() {
        Set<String> refusable = Set.of("duplicated_key", "escaped_null", "null_escape", "same_key");
        Map<String, byte[]> files = new TreeMap<>(HostileFiles.of("json-testsuite"));
        files.keySet().removeIf(path -> !path.endsWith(".json"));
        Map<String, byte[]> lines = new TreeMap<>(files);
        lines.values().removeIf(json -> latin1(json).matches("(?s).*[\\r\\n].*"));

        Map<String, String> alone = codes(lines, "", "");
        Map<String, String> payloads = codes(lines, PAYLOAD, "}}");
        files.forEach((path, json) -> {
            Sent document = calls().batch(json, READ.withFormat(Format.JSON));
            expect(!alone.getOrDefault(path, "").equals("accepted"), path + " alone", alone.get(path));
            expect(
                    document.refusal() != null || document.verdict().startsWith("0 "),
                    path + " as document",
                    document.verdict());
            expect(!path.contains("/n_") || document.refusal() != null, path + " as document", document.verdict());

            String payload = payloads.get(path);
            boolean kept = "accepted".equals(payload);
            if (payload == null || !kept) {
                Sent array = calls().batch(
                                joined("[" + line("g", TIME, "\"p\":1") + "," + PAYLOAD, json, "}}]"),
                                READ.withFormat(Format.JSON));
                boolean storedByArray = array.verdict().equals("2 []");
                expect(payload == null || !storedByArray, path + " alike", payload + ", array " + array.verdict());
                expect(!path.contains("/n_") || !storedByArray, path, array.verdict());
                kept = storedByArray;
            }
            expect(!path.contains("/n_") || !kept, path, payload);
            expect(!path.contains("/y_") || kept || refusable.stream().anyMatch(path::contains), path, payload);
            expect(!path.contains("same_key") || !kept, path, payload);
        });

        List<String> kept = files.keySet().stream()
                .filter(path -> "accepted".equals(payloads.get(path)))
                .toList();
        List<Case> sound = kept.stream()
                .map(path -> with(path, "data", "{\"p\":" + utf8(requireNonNull(files.get(path))) + "}", null))
                .toList();
        for (Fate fate : calls().onEveryPath(sound, "name,ts")) {
            String path = fate.sent().label();
            JsonNode json = tree(utf8(requireNonNull(files.get(path))));
            expect(fate.accepted() && fate.alike(), path, fate);
            expect(requireNonNull(fate.event()).path("properties").path("p").equals(json), path, fate.event());
        }
        done(1500);
    }

    private static final String PAYLOAD = "{\"id\":\"h\",\"name\":\"t\",\"ts\":\"" + TIME + "\",\"data\":{\"p\":";

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What became of each text as a line of one NDJSON input: {@code accepted} or a code; blank lines are left out. */
    private Map<String, String> codes(Map<String, byte[]> texts, String before, String after) {
        List<String> names = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        texts.forEach((name, text) -> {
            String line = before.replace("\"h\"", "\"h" + names.size() + "\"") + latin1(text) + after;
            if (!line.isBlank()) {
                names.add(name);
                body.append(line).append('\n');
            }
        });
        Sent sent =
                calls().batch(body.toString().getBytes(StandardCharsets.ISO_8859_1), READ.withFormat(Format.NDJSON));
        assertThat(sent.outcomes()).hasSameSizeAs(names);
        Map<String, String> codes = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            codes.put(names.get(i), HostileCalls.code(sent.outcomes().get(i)));
        }
        return codes;
    }

    @Test
    void numbers() {
        List<JsonNode> tokens = lines("numbers/tokens.jsonl");
        List<Case> sent = tokens.stream()
                .map(node -> node.get("token").asText())
                .map(token -> with(token, "value", token, token))
                .toList();
        List<Fate> fates = calls().onEveryPath(sent, "name,ts,value");
        for (int i = 0; i < fates.size(); i++) {
            Fate fate = fates.get(i);
            String token = fate.sent().label();
            String expected = tokens.get(i).get("expect").asText();
            expect(fate.alike(), token + " alike", fate);
            if (expected.startsWith("ACCEPT")) {
                expect(fate.accepted(), token, fate.ndjson());
            } else if (expected.startsWith("REJECT") && !expected.contains("OR_0")) {
                expect(!fate.accepted(), token, fate.ndjson());
            }
            requireExact(fate, token);
        }
        done(90);
    }

    private void requireExact(Fate fate, String token) {
        if (fate.accepted()) {
            BigDecimal was = requireNonNull(fate.event()).path("value").decimalValue();
            boolean zero = token.matches("-?0(\\.0+)?([eE].*)?");
            expect(zero ? was.signum() == 0 : was.compareTo(new BigDecimal(token)) == 0, token + " exact", was);
        }
    }

    @Test
    void numbersOfAllSizes() {
        List<String> tokens = Stream.of("numbers-fxx/lemire-fast-float.txt", "numbers-fxx/more-test-cases.txt")
                .flatMap(path -> HostileFiles.lines(path).stream())
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .distinct()
                .toList();
        for (int from = 0; from < tokens.size(); from += 2000) {
            List<Case> sent = tokens.subList(from, Math.min(tokens.size(), from + 2000)).stream()
                    .map(token -> with(token, "value", token, token))
                    .toList();
            for (Fate fate : calls().onEveryPath(sent, "name,ts,value")) {
                String token = fate.sent().label();
                expect(fate.alike(), token + " alike", fate);
                requireExact(fate, token);
                boolean plain = token.matches("-?(0|[1-9]\\d{0,60})(\\.\\d{1,30})?([eE][+-]?[0-9]{1,2})?");
                expect(fate.accepted() || !plain, token + " is within the limits", fate);
            }
        }
        done(5000);
    }

    @Test
    void sumsAreExactInAnyOrder() {
        List<JsonNode> sums = lines("numbers/sums.jsonl");
        List<String> events = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            int n = 0;
            for (JsonNode value : sums.get(i).get("values")) {
                events.add("{\"id\":\"%d-%d\",\"name\":\"s%d\",\"ts\":\"%s\",\"value\":%s}"
                        .formatted(i, n++, i, TIME, value.asText()));
            }
        }
        for (long seed : List.of(1L, 2L)) {
            Collections.shuffle(events, new Random(seed));
            OrgScope scope = calls().newOrg();
            for (int from = 0; from < events.size(); from += 5000) {
                String body = String.join("\n", events.subList(from, Math.min(events.size(), from + 5000)));
                calls().smartData()
                        .ingest(scope)
                        .batch(body.getBytes(StandardCharsets.UTF_8), IngestOptions.lenient(READ));
            }
            for (int i = 0; i < sums.size(); i++) {
                List<KpiPoint> points = calls().smartData()
                        .kpis(scope)
                        .series(KpiQuery.of("s" + i + ".sum").between(CellRange.FIRST_DAY, CellRange.END))
                        .points();
                BigDecimal exact = new BigDecimal(sums.get(i).get("exact_sum").asText());
                expect(
                        points.size() == 1 && new BigDecimal(points.get(0).valueText()).compareTo(exact) == 0,
                        "s" + i + ", seed " + seed,
                        points);
            }
        }
        done(80);
    }

    @Test
    void timestamps() {
        Map<String, String> exact = Map.of(
                "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z",
                "2024-01-01T00:00:00+18:00", "2023-12-31T06:00:00Z",
                "2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00", "2023-12-31T23:00:00Z",
                "2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00.123456Z",
                "2024-01-01T23:59:59.9999999Z", "2024-01-01T23:59:59.999999Z",
                "2024-01-01 00:00:00Z", "2024-01-01T00:00:00Z",
                "2024-01-01t00:00:00z", "2024-01-01T00:00:00Z");
        List<JsonNode> nodes = lines("timestamps/cases.jsonl");
        List<Case> sent = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonNode in = node.get("in");
            sent.add(time(
                    in.isTextual() ? in.asText() : in.toString(),
                    in.isTextual() ? quoted(in.asText()) : in.toString()));
        }
        List<Fate> fates = calls().onEveryPath(sent, "name,ts");
        for (int i = 0; i < fates.size(); i++) {
            Fate fate = fates.get(i);
            String text = fate.sent().label();
            String expected = nodes.get(i).get("expect").asText();
            expect(fate.alike(), text + " alike", fate);
            if (expected.equals("ACCEPT")) {
                expect(fate.accepted(), text, fate.ndjson());
            } else if (expected.startsWith("REJECT") && !expected.contains("ZONE")) {
                expect(!fate.accepted(), text, fate.ndjson());
            }
            if (exact.containsKey(text)) {
                String was = requireNonNull(fate.event()).path("occurredAt").asText();
                expect(was.equals(exact.get(text)), text, was);
            }
        }
        done(80);
    }

    private static Case time(String label, String token) {
        return new Case(label, "\"name\":\"t\",\"ts\":" + token, List.of("t", label));
    }

    @Test
    void timesOfTomlAndJsonSchema() {
        List<Case> sent = new ArrayList<>();
        List<Boolean> valid = new ArrayList<>();
        HostileFiles.of("toml-datetime")
                .forEach((path, body) -> utf8(body)
                        .lines()
                        .filter(line -> path.endsWith(".toml") && line.contains("=") && !line.startsWith("#"))
                        .forEach(line -> {
                            String text = line.substring(line.indexOf('=') + 1)
                                    .replaceAll("#.*", "")
                                    .strip();
                            sent.add(time(text, quoted(text)));
                            valid.add(path.startsWith("valid/"));
                        }));
        byte[] suite = requireNonNull(HostileFiles.of("json-schema-suite").get("format/date-time.json"));
        for (JsonNode group : tree(utf8(suite))) {
            for (JsonNode test : group.get("tests")) {
                if (test.get("data").isTextual()) {
                    String text = test.get("data").asText();
                    sent.add(time(text, quoted(text)));
                    valid.add(test.get("valid").asBoolean());
                }
            }
        }
        List<Fate> fates = calls().onEveryPath(sent, "name,ts");
        Set<String> documented =
                Set.of("1997-09-09T09:09:09.09+0909", "1997-09-09T09:09:09.09+09", "1985-04-12T23:20:50+01");
        for (int i = 0; i < fates.size(); i++) {
            Fate fate = fates.get(i);
            expect(fate.alike(), fate.sent().label() + " alike", fate);
            expect(
                    !fate.accepted()
                            || valid.get(i)
                            || documented.contains(fate.sent().label()),
                    fate.sent().label() + " is not valid",
                    fate.event());
        }
        done(100);
    }

    @Test
    void bignums() {
        byte[] suite = requireNonNull(HostileFiles.of("json-schema-suite").get("bignum.json"));
        List<Case> sent = new ArrayList<>();
        for (JsonNode group : tree(utf8(suite))) {
            for (JsonNode test : group.get("tests")) {
                if (test.get("data").isNumber()) {
                    String token = test.get("data").decimalValue().toString();
                    sent.add(with(token, "value", token, token));
                }
            }
        }
        for (Fate fate : calls().onEveryPath(sent, "name,ts,value")) {
            expect(fate.alike() && fate.accepted(), fate.sent().label(), fate);
            requireExact(fate, fate.sent().label());
        }
        done(8);
    }

    @Test
    void utf8IsKeptOrRefusedAndNeverReplaced() {
        List<byte[]> valid = new ArrayList<>();
        Map<String, byte[]> invalid = new TreeMap<>();
        String good = line("g", TIME, "\"note\":\"ok\"");
        String open = "{\"id\":\"h\",\"name\":\"t\",\"ts\":\"" + TIME + "\",\"note\":\"a";
        for (String line : HostileFiles.lines("utf8tests/utf8tests.txt")) {
            String[] parts = line.split(":", 3);
            if (line.startsWith("#") || parts.length < 3) {
                continue;
            }
            byte[] bytes = parts[1].endsWith("hex")
                    ? hex(parts[2].split(":")[0])
                    : parts[2].getBytes(StandardCharsets.US_ASCII);
            if (parts[1].strip().startsWith("valid")) {
                if (utf8(bytes).chars().noneMatch(c -> c < 0x20 || c == '"' || c == '\\')) {
                    valid.add(bytes);
                }
                continue;
            }
            byte[] csv = joined("id,name,ts,note\ng,t," + TIME + ",ok\nb,t," + TIME + ",\"a", bytes, "\"\n");
            Sent rows = calls().batch(csv, READ.withFormat(Format.CSV));
            expect(rows.verdict().equals("invalid_encoding"), line, rows.verdict());
            invalid.put(line, bytes);
            Sent array = calls().batch(joined("[" + good + "," + open, bytes, "\"}]"), READ.withFormat(Format.JSON));
            expect(array.verdict().equals("invalid_encoding"), line, array.verdict());
        }
        codes(invalid, open, "\"}").forEach((line, code) -> expect(code.equals("invalid_encoding"), line, code));
        List<Case> sent = valid.stream()
                .map(bytes -> with("a" + utf8(bytes), "note", "\"a" + utf8(bytes) + "\"", "a" + utf8(bytes)))
                .toList();
        for (Fate fate : calls().onEveryPath(sent, "name,ts,note")) {
            expect(fate.accepted() && fate.alike(), fate.sent().label(), fate);
            String was =
                    requireNonNull(fate.event()).path("properties").path("note").asText();
            expect(was.equals(fate.sent().label()), fate.sent().label(), was);
        }
        done(300);
    }

    private static byte[] hex(String text) {
        String digits = text.replace(" ", "");
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    @Test
    void naughtyStringsAreKeptOrRefusedAlike() {
        textsAreKeptOrRefusedAlike(lines("naughty-strings/blns.jsonl").stream()
                .map(node -> node.get("s").asText())
                .toList());
        done(1190);
    }

    @Test
    void textsThatForgeLogLinesOrHeaders() {
        List<String> texts = lines("log-and-header/strings.jsonl").stream()
                .map(node -> node.get("s").asText())
                .toList();
        textsAreKeptOrRefusedAlike(texts);
        byte[] body = line("a", TIME, "\"p\":1").getBytes(StandardCharsets.UTF_8);
        for (String text : texts) {
            OrgScope scope = calls().newOrg();
            IngestOptions keyed = IngestOptions.lenient(READ);
            SmartDataException refusal = null;
            try {
                IngestReceipt first = calls().smartData().ingest(scope).batch(body, keyed.withIdempotencyKey(text));
                IngestReceipt second = calls().smartData().ingest(scope).batch(body, keyed.withIdempotencyKey(text));
                expect(first.id().equals(second.id()), text, second);
            } catch (SmartDataException e) {
                refusal = e;
            } catch (IllegalArgumentException e) {
                refusal = new SmartDataException("illegal", String.valueOf(e.getMessage()));
            }
            expect(
                    refusal == null || !String.valueOf(refusal.getMessage()).matches("(?s).*\\p{Cntrl}.*"),
                    "key " + text,
                    refusal);
            RuntimeException org = catchThrowableOfType(RuntimeException.class, () -> calls().scope(text));
            expect(org == null || !String.valueOf(org.getMessage()).matches("(?s).*\\p{Cntrl}.*"), "org " + text, org);
        }
        done(60);
    }

    /** As name, subject, entity, session, source and property; one case for the fields, one for the property. */
    private void textsAreKeptOrRefusedAlike(List<String> texts) {
        List<Case> fields = new ArrayList<>();
        List<Case> properties = new ArrayList<>();
        for (String text : texts) {
            boolean inCsv = StandardCharsets.UTF_8.newEncoder().canEncode(text);
            String json = quoted(text);
            fields.add(new Case(
                    text,
                    "\"name\":%s,\"ts\":\"%s\",\"subject\":%s,\"entity\":%s,\"session\":%s,\"source\":%s"
                            .formatted(json, TIME, json, json, json, json),
                    inCsv ? List.of(text, TIME, text, text, text, text) : null));
            properties.add(with(text, "p", json, inCsv && !text.isEmpty() ? text : null));
        }
        for (Fate fate : calls().onEveryPath(fields, "name,ts,subject,entity,session,source")) {
            String text = fate.sent().label();
            expect(fate.alike(), text, fate);
            if (fate.accepted()) {
                JsonNode event = requireNonNull(fate.event());
                expect(
                        Stream.of("name", "subject", "entity", "session", "source")
                                .allMatch(field -> event.path(field).asText().equals(text)),
                        text,
                        event);
            }
        }
        for (Fate fate : calls().onEveryPath(properties, "name,ts,p")) {
            String text = fate.sent().label();
            expect(fate.alike(), text, fate);
            if (fate.accepted()) {
                JsonNode event = requireNonNull(fate.event());
                expect(event.path("properties").path("p").asText().equals(text), text, event);
            }
        }
    }

    @Test
    void textsThatLookAlikeAreDifferentKeys() {
        JsonNode pairs = tree(utf8(HostileFiles.file("confusables/confusables.json")));
        List<String> events = new ArrayList<>();
        pairs.properties().forEach(pair -> {
            for (String text : List.of(pair.getKey(), pair.getValue().asText())) {
                events.add("{\"id\":%s,\"name\":%s,\"ts\":\"%s\"}"
                        .formatted(quoted(events.size() / 2 + ":" + text), quoted("n" + text), TIME));
            }
        });
        Sent sent = calls().batch(String.join("\n", events), Format.NDJSON);
        expect(sent.verdict().equals(events.size() + " []"), "confusables", sent.verdict());
        long names = calls().stored(sent.scope()).values().stream()
                .map(event -> event.path("name").asText())
                .distinct()
                .count();
        expect(names > 3000, "distinct names", names);

        OrgScope latin = calls().scope("acme-a");
        OrgScope cyrillic = calls().scope("acme-\u0430");
        byte[] body = line("x", TIME, "\"p\":1").getBytes(StandardCharsets.UTF_8);
        for (OrgScope scope : List.of(latin, cyrillic)) {
            IngestReceipt receipt = calls().smartData().ingest(scope).batch(body, IngestOptions.lenient(READ));
            expect(receipt.accepted() == 1, "orgs that look alike", receipt);
        }
        done(4);
    }

    @Test
    void keysThatDifferAreTwoEvents() {
        for (JsonNode pair : lines("keys/pairs.jsonl")) {
            String body = "{\"id\":%s,\"name\":\"x\",\"ts\":\"%s\"}\n{\"id\":%s,\"name\":\"x\",\"ts\":\"%s\"}"
                    .formatted(pair.get("a"), TIME, pair.get("b"), TIME);
            Sent sent = calls().batch(
                            body.getBytes(StandardCharsets.UTF_8),
                            READ.withFormat(Format.NDJSON).withIdentity(io.smartdata.core.ingest.Identity.CLIENT));
            JsonNode same = pair.get("same");
            String verdict = sent.verdict();
            if (same.isNull()) {
                expect(!verdict.startsWith("2 "), pair.toString(), verdict);
            } else if (same.asBoolean()) {
                expect(verdict.equals("1 [2 duplicate]"), pair.toString(), verdict);
            } else {
                expect(!verdict.contains("duplicate") && !verdict.contains("conflict"), pair.toString(), verdict);
            }
        }
        for (JsonNode node : lines("keys/long.jsonl")) {
            Sent sent = calls().batch(
                            "{\"id\":%s,\"name\":\"x\",\"ts\":\"%s\"}".formatted(node.get("key"), TIME), Format.NDJSON);
            boolean fits = node.get("length").asInt() <= 255;
            expect(
                    sent.verdict().equals(fits ? "1 []" : "0 [1 invalid_id]")
                            || (node.get("length").asInt() > 65_536
                                    && sent.verdict().equals("0 [1 event_too_large]")),
                    "length " + node.get("length"),
                    sent.verdict());
        }
        for (JsonNode node : lines("keys/org-key-tuples.jsonl")) {
            for (String tuple : List.of("first", "second")) {
                String org = node.get(tuple).get(0).asText();
                if (org.matches("[\\p{L}\\p{N}._:@/+=-]+")) {
                    String body = "{\"id\":%s,\"name\":\"x\",\"ts\":\"%s\"}"
                            .formatted(node.get(tuple).get(1), TIME);
                    IngestReceipt receipt = calls().smartData()
                            .ingest(calls().scope(org))
                            .batch(body.getBytes(StandardCharsets.UTF_8), IngestOptions.lenient(READ));
                    expect(receipt.duplicates() + receipt.conflicts() == 0, node.toString(), receipt);
                }
            }
        }
        done(25);
    }

    @Test
    void keysOfOneHashCodeAreAllStored() {
        List<String> keys = HostileFiles.lines("keys/same-java-hashcode.txt");
        List<String> events = keys.stream()
                .map(key -> "{\"id\":\"%s\",\"name\":\"%s\",\"ts\":\"%s\",\"%s\":1}".formatted(key, key, TIME, key))
                .toList();
        expect(
                calls().batch(String.join("\n", events), Format.NDJSON)
                        .verdict()
                        .equals("4096 []"),
                "keys",
                keys.size());
        done(1);
    }

    @Test
    void textsAgainstBacktrackingAreAnsweredLikeAnyOther() {
        for (JsonNode node : lines("redos/strings.jsonl")) {
            String text = node.get("s").asText();
            List<String> fields = List.of("name", "ts", "value", "subject", "p");
            List<Case> sent = new ArrayList<>();
            for (String field : fields) {
                Map<String, String> members = new LinkedHashMap<>(Map.of("name", quoted("t"), "ts", quoted(TIME)));
                members.put(field, quoted(text));
                List<String> cells = new ArrayList<>(List.of("t", TIME, "", "", ""));
                cells.set(fields.indexOf(field), text);
                String object = members.entrySet().stream()
                        .map(member -> quoted(member.getKey()) + ":" + member.getValue())
                        .collect(Collectors.joining(","));
                sent.add(new Case(field, object, cells));
            }
            for (Fate fate : calls().onEveryPath(sent, String.join(",", fields))) {
                boolean longerInJson = fate.ndjson().equals("event_too_large") && text.length() <= 65_536;
                expect(
                        fate.alike() || longerInJson,
                        fate.sent().label() + " " + text.length(),
                        fate.ndjson() + " " + fate.csv());
            }
            Sent id = calls().batch(
                            "{\"id\":%s,\"name\":\"t\",\"ts\":\"%s\"}".formatted(quoted(text), TIME), Format.NDJSON);
            expect(id.refusal() == null, "id " + text.length(), id.verdict());
        }
        done(60);
    }

    @Test
    void longNamesOfFieldsAreShownInWholeCharacters() {
        for (int before = 50; before < 62; before++) {
            String name = "x".repeat(before) + "\uD83D\uDE00".repeat(10) + "\\r\\nlevel=ERROR";
            Sent sent = calls().batch(line("a", TIME, "\"%s\":1,\"%s\":2".formatted(name, name)), Format.NDJSON);
            expect(sent.verdict().equals("0 [1 duplicate_field]"), name, sent.verdict());
            String field = requireNonNull(
                    requireNonNull(sent.outcomes().get(0).rejection()).field());
            expect(StandardCharsets.UTF_8.newEncoder().canEncode(field) && field.length() <= 60, name, field);
            String kept = requireNonNull(calls().smartData()
                    .deadLetters(sent.scope())
                    .get(requireNonNull(sent.outcomes().get(0).deadLetterId()))
                    .rejection()
                    .field());
            expect(kept.equals(field), "as kept", kept);
        }
        done(36);
    }

    @Test
    void exportedCellsStartNoFormula() {
        List<String> cells = lines("export-cells/formula.jsonl").stream()
                .map(node -> node.get("cell").asText())
                .toList();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            String json = quoted(cells.get(i));
            events.add("{\"id\":%s,\"name\":%s,\"ts\":\"%s\",\"subject\":%s,\"session\":%s,\"p\":%s,\"value\":-%d}"
                    .formatted(json, json, TIME, json, json, json, i + 1));
        }
        Sent sent = calls().batch(String.join("\n", events), Format.NDJSON);
        long refused = cells.stream().filter(cell -> cell.indexOf('\0') >= 0).count();
        expect(sent.receipt() != null && sent.receipt().rejected() == refused, "only NUL is refused", sent.verdict());
        Map<String, JsonNode> stored = calls().stored(sent.scope());
        for (String cell : cells) {
            if (cell.indexOf('\0') < 0) {
                JsonNode event = requireNonNull(stored.get(cell), cell);
                expect(event.path("name").asText().equals(cell), "JSON export is unchanged", event);
            }
        }
        String csv = calls().export(sent.scope(), ExportFormat.CSV);
        for (String field : cells(csv)) {
            boolean negative = field.matches("-\\d+");
            expect(
                    negative || field.isEmpty() || "=+-@\t\r\0\uFF1D\uFF0B\uFF0D\uFF20".indexOf(field.charAt(0)) < 0,
                    "cell",
                    field);
        }
        done(200);
    }

    /** Cells as a spreadsheet sees them. */
    private static List<String> cells(String csv) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char c : csv.replace("\"\"", "\u0001").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        return cells;
    }

    @Test
    void canonicalJsonKeepsTheDigitsItCameWith() {
        Map<String, byte[]> files = HostileFiles.of("json-canonical");
        for (String name : List.of("arrays", "french", "values")) {
            String input =
                    utf8(requireNonNull(files.get("input/" + name + ".json"))).replace("\n", " ");
            String output = utf8(requireNonNull(files.get("output/" + name + ".json")));
            Sent sent = calls().batch(line("a", TIME, "\"properties\":{\"p\":" + input + "}"), Format.NDJSON);
            String event = calls().events(sent.scope());
            String ours = event.substring(event.indexOf("{\"p\":") + 5, event.length() - 3);
            boolean same = name.equals("values")
                    ? tree(ours).path("string").equals(tree(output).path("string"))
                            && ours.contains("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]")
                    : ours.equals(output);
            expect(same, name, ours);
        }
        done(3);
    }

    @Test
    void csvOfOthersIsRefusedOrReadButNeverAltered() {
        for (String set : List.of("csv-spectrum", "commons-csv", "duckdb-csv", "w3c-csvw")) {
            HostileFiles.of(set).forEach((name, body) -> {
                Sent detected = calls().batch(body, READ.withDefaultName("t"));
                Sent strict = calls().file(body, READ.withDefaultName("t"), Mode.STRICT);
                boolean whole = detected.refusal() == null && detected.verdict().endsWith(" []");
                expect(
                        whole ? strict.verdict().equals(detected.verdict()) : strict.refusal() != null,
                        set + "/" + name,
                        detected.verdict() + ", strict " + strict.verdict());
                if (strict.refusal() == null) {
                    expect(
                            !calls().events(strict.scope()).contains("\uFFFD")
                                    || utf8(body).contains("\uFFFD"),
                            name,
                            "");
                }
            });
        }
        done(600);
    }

    @Test
    void instantsLieOnTheDayTheirZoneSays() {
        Map<String, List<JsonNode>> byZone = lines("timezones/instants.jsonl").stream()
                .collect(Collectors.groupingBy(node -> node.get("zone").asText()));
        Map<String, List<JsonNode>> days = lines("timezones/days.jsonl").stream()
                .collect(Collectors.groupingBy(node -> node.get("zone").asText()));
        byZone.forEach((zone, instants) -> {
            OrgScope scope = calls().newOrg();
            Map<String, Long> expected = instants.stream()
                    .collect(Collectors.groupingBy(
                            node -> node.get("expect_local_date").asText(), TreeMap::new, Collectors.counting()));
            List<Event> events = IntStream.range(0, instants.size())
                    .mapToObj(i -> Event.named(
                                    "t",
                                    Instant.parse(instants.get(i).get("instant").asText()))
                            .id("i" + i)
                            .build())
                    .toList();
            calls().smartData().ingest(scope).events(events.subList(0, 1));
            calls().smartData().kpis(scope).changeZone(ZoneId.of(zone));
            calls().smartData().ingest(scope).events(events.subList(1, events.size()));
            Map<String, Long> was = new TreeMap<>();
            for (KpiPoint point : calls().smartData()
                    .kpis(scope)
                    .series(KpiQuery.of("t.count").between(CellRange.FIRST_DAY, CellRange.END))
                    .points()) {
                if (point.events() > 0) {
                    was.merge(point.bucket(), point.events(), Long::sum);
                }
            }
            expect(was.equals(expected), zone, was + " not " + expected);
            for (JsonNode day : days.getOrDefault(zone, List.of())) {
                boolean exists = day.get("minutes_with_this_local_date").asInt() > 0;
                expect(exists || !was.containsKey(day.get("day").asText()), zone + " " + day, was);
            }
        });
        done(10);
    }

    @Test
    void aForgedOrgGetsTheAnswerOfOneThatExistsNowhere() {
        OrgScope ours = calls().scope("org-a");
        OrgScope theirs = calls().scope("org-b");
        SmartData smartData = calls().smartData();
        byte[] secret = (line("s", TIME, "\"p\":1") + "\n{}").getBytes(StandardCharsets.UTF_8);
        IngestReceipt b = smartData
                .ingest(theirs)
                .batch(
                        secret,
                        IngestOptions.lenient(READ.withFormat(Format.NDJSON)).withIdempotencyKey("k"));
        UUID letter = smartData
                .deadLetters(theirs)
                .list(DeadLetterQuery.any(1))
                .get(0)
                .id();
        smartData
                .ingest(ours)
                .batch(line("a", TIME, "\"p\":1").getBytes(StandardCharsets.UTF_8), IngestOptions.lenient(READ));

        for (String name : List.of("org", "orgId", "organization_id", "ORG_ID")) {
            for (Format format : List.of(Format.NDJSON, Format.JSON, Format.CSV)) {
                expect(
                        forged(ours, format, name, "org-b").equals(forged(ours, format, name, "org-0")),
                        name + " in " + format,
                        forged(ours, format, name, "org-b"));
                for (String variant : List.of("org-b ", "ORG-A", "org-a\u0301", "org-b/x", "org-a%2F")) {
                    expect(
                            forged(ours, format, name, variant).contains("org_mismatch"),
                            name + " as " + variant,
                            forged(ours, format, name, variant));
                }
            }
        }
        for (String variant : List.of("org-b ", "org-b\0", "", "org b")) {
            expect(
                    catchThrowableOfType(IllegalArgumentException.class, () -> calls().scope(variant)) != null,
                    "scope of " + variant,
                    null);
        }
        EventRange theirSource = new EventRange("only-b", Instant.EPOCH, Instant.parse("2027-01-01T00:00:00Z"));
        smartData
                .ingest(theirs)
                .batch(
                        line("o", TIME, "\"p\":1").getBytes(StandardCharsets.UTF_8),
                        IngestOptions.lenient(ReadOptions.defaults("only-b")));
        StringWriter exported = new StringWriter();
        smartData.exports(ours).events(theirSource, ExportFormat.NDJSON, exported);
        expect(exported.toString().isEmpty(), "source that only org-b has", exported);
        String before = calls().events(theirs);
        expect(
                answer(() -> smartData.deadLetters(ours).get(letter), letter)
                        .equals(answer(() -> smartData.deadLetters(ours).get(new UUID(7, 7)), new UUID(7, 7))),
                "dead letter",
                letter);
        expect(
                answer(() -> smartData.deadLetters(ours).replay(letter), letter)
                        .equals(answer(() -> smartData.deadLetters(ours).replay(new UUID(7, 7)), new UUID(7, 7))),
                "replay",
                letter);
        IngestReceipt own = smartData
                .ingest(ours)
                .batch(
                        secret,
                        IngestOptions.lenient(READ.withFormat(Format.NDJSON)).withIdempotencyKey("k"));
        expect(own.accepted() == 1 && !own.id().equals(b.id()), "idempotency key", own);
        expect(calls().events(theirs).equals(before), "events of org-b", calls().events(theirs));
        done(60);
    }

    /** Verdict and sentences for an event that names an org. */
    private String forged(OrgScope scope, Format format, String name, String org) {
        String body = format == Format.CSV
                ? "id,name,ts,%s\nf,t,%s,%s\n".formatted(name, TIME, org)
                : line("f", TIME, "\"%s\":%s".formatted(name, quoted(org)));
        IngestReceipt receipt = calls().smartData()
                .ingest(scope)
                .batch(body.getBytes(StandardCharsets.UTF_8), IngestOptions.lenient(READ.withFormat(format)));
        return receipt.outcomes().stream()
                .map(outcome -> outcome.outcome() + " " + outcome.rejection())
                .collect(Collectors.joining())
                .toLowerCase(Locale.ROOT);
    }

    private static String answer(Runnable call, UUID asked) {
        SmartDataException refusal = catchThrowableOfType(SmartDataException.class, call::run);
        return refusal == null
                ? "an answer"
                : refusal.code() + " " + String.valueOf(refusal.getMessage()).replace(asked.toString(), "ID");
    }
}
