package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Random input never hangs, never throws anything undeclared, and never loses a row. */
class EventReaderFuzzTest {
    private static final int ROUNDS = 3_000;

    private static final String CSV = """
            id,timestamp,metric,value,user_id,note
            a1,2024-05-01T10:00:00Z,sale,1.50,u1,"a ""quoted"" note"
            a2,2024-05-02,sale,2,u2,"two
            lines"
            a3,2024-05-02T10:00:00.123+02:00,visit,,u2,
            """;

    private static final String JSON = """
            {"batchId":1,"events":[
             {"id":"a1","timestamp":"2024-05-01T10:00:00Z","type":"sale","value":1.50,"data":{"x":[1,{"y":null}]}},
             {"id":"a2","timestamp":"2024-05-02","type":"sale","value":-2e3,"note":"\\u00e9\\n\\ud83d\\ude00"},
             {"id":"a3","timestamp":"2024-05-02 10:00","type":"visit","ok":true}
            ],"sent":true}
            """;

    private static final String NDJSON = """
            {"id":"a1","timestamp":"2024-05-01T10:00:00Z","type":"sale","value":1.50,"data":{"x":[1,{"y":null}]}}
            {"id":"a2","timestamp":"2024-05-02","type":"sale","value":-2e3,"note":"\\u00e9\\n\\ud83d\\ude00"}
            {"id":"a3","timestamp":"2024-05-02 10:00","type":"visit","ok":true}
            """;

    @Test
    void flippedBytesNeverEscapeTheContract() throws IOException {
        for (String text : List.of(CSV, JSON, NDJSON)) {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            for (long seed = 0; seed < ROUNDS; seed++) {
                byte[] mutated = mutate(plain, new Random(seed));
                assertThatCode(() -> Reading.of(mutated, Reading.OPTIONS))
                        .as("seed %d of %s", seed, text.substring(0, 12))
                        .doesNotThrowAnyException();
            }
            byte[] zipped = gzip(plain);
            for (long seed = 0; seed < 300; seed++) {
                byte[] mutated = mutate(zipped, new Random(seed));
                assertThatCode(() -> Reading.of(mutated, Reading.OPTIONS))
                        .as("gzip, seed %d", seed)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        String alphabet = "{}[]\",:\\\n\r\t 0e.-\0\ufffdnu;|";
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean()
                    ? (byte) alphabet.charAt(random.nextInt(alphabet.length()))
                    : (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void everyLineOfBrokenNdjsonIsOneRow() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            byte[] mutated = mutate(NDJSON.getBytes(StandardCharsets.UTF_8), new Random(seed));
            if (startsLikeAnotherFormat(mutated)) {
                continue;
            }
            Reading reading = Reading.of(mutated, Reading.OPTIONS.withFormat(Format.NDJSON));
            long blank = Arrays.stream(new String(mutated, StandardCharsets.ISO_8859_1).split("\n"))
                    .filter(line -> line.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r'))
                    .count();
            long all = new String(mutated, StandardCharsets.ISO_8859_1).split("\n").length;
            assertThat(reading.rows()).as("seed %d", seed).hasSize((int) (all - blank));
        }
    }

    private static boolean startsLikeAnotherFormat(byte[] bytes) {
        return bytes.length < 4 || bytes[0] != '{';
    }

    @Test
    void everyRecordGivesBackItsOwnLines() throws IOException {
        String alphabet = "ab,\"\r\n 1";
        int compared = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            CsvRecords records = new CsvRecords(
                    new CharSource(ByteSource.plain(() -> new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8),
                    ',');
            List<String> lines = text.toString().lines().toList();
            try {
                while (records.next()) {
                    assertThat(parsed(records.text()))
                            .as("seed %d, %s", seed, text)
                            .isEqualTo(records.cells());
                    String firstLine = records.text().lines().findFirst().orElse("");
                    assertThat(lines.get((int) records.row() - 1))
                            .as("seed %d, %s", seed, text)
                            .isEqualTo(firstLine);
                    compared++;
                }
            } catch (InvalidInputException e) {
                assertThat(e.code()).isEqualTo("invalid_csv");
            }
        }
        assertThat(compared).isGreaterThan(5_000);
    }

    @Test
    void crlfSplitBetweenTwoReadsEndsOneLine() {
        String row = "2024-05-01T00:00:00Z,x,note";
        for (int shift = 0; shift <= row.length() + 2; shift++) {
            String text = "ts,name,note" + " ".repeat(shift) + "\r\n" + (row + "\r\n").repeat(1_500);
            Reading reading = Reading.of(text);
            assertThat(reading.clean()).as("shift %d, %s", shift, reading).isTrue();
            assertThat(reading.rows())
                    .as("shift %d", shift)
                    .hasSize(1_500)
                    .allMatch(read -> new String(read.original().bytes(), StandardCharsets.UTF_8).equals(row));
            assertThat(reading.rows().get(1_499).row()).as("shift %d", shift).isEqualTo(1_501);
        }
    }

    /** Cells of one record, parsed by itself. */
    private static List<String> parsed(String record) throws IOException {
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().skipEmptyLines(false).ofCsvRecord(record)) {
            return reader.iterator().next().getFields();
        }
    }

    @Test
    void readsTheSameWhateverTheStreamGivesAtOnce() {
        for (String text : List.of(CSV, JSON, NDJSON)) {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            Reading whole = Reading.of(plain, Reading.OPTIONS);
            assertThat(whole.clean()).as("%s", whole).isTrue();
            for (byte[] bytes : List.of(plain, zipped(plain))) {
                Reading trickled = Reading.of(() -> trickle(bytes), Reading.OPTIONS);
                assertThat(trickled.events()).isEqualTo(whole.events());
            }
        }
    }

    private static byte[] zipped(byte[] plain) {
        try {
            return gzip(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One byte per call, and none announced. */
    private static InputStream trickle(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    @Test
    void longFilesCrossTheWindowWithoutLoss() {
        long seed = 5;
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder("ts,name,note\n");
        StringBuilder json = new StringBuilder("[");
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String note = "é𝒜x".repeat(random.nextInt(random.nextInt(20) == 0 ? 8_000 : 40)) + i;
            notes.add("{\"note\":\"" + note + "\"}");
            csv.append("2024-05-01T00:00:00Z,x,\"").append(note).append(i % 2 == 0 ? "\"\n" : "\"\r\n");
            json.append(i == 0 ? "" : ", ")
                    .append("{\"ts\":\"2024-05-01T00:00:00Z\",\"name\":\"x\",\"note\":\"")
                    .append(note)
                    .append("\"}");
        }
        for (String text : List.of(csv.toString(), json + "]")) {
            Reading reading = Reading.of(
                    text, Reading.OPTIONS.withLimits(Limits.defaults().withMaxEventBytes((1 << 20) - 1)));
            assertThat(reading.clean()).as("seed %d, %s", seed, reading).isTrue();
            assertThat(reading.events())
                    .extracting(event -> event.properties().json())
                    .isEqualTo(notes);
        }
    }
}
