package io.smartdata.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read the short way reads as it would the long way. */
class FastPathTest {
    @Test
    void linesAreThoseBetweenLineFeeds() throws IOException {
        long seed = 20_261_121;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(5_000); i > 0; i--) {
                text.append(List.of("a", "\n", "\u008a", "\u000b", "\t", "\u010a", "long enough for two words")
                        .get(random.nextInt(random.nextInt(3) == 0 ? 7 : 1)));
            }
            List<String> expected = new ArrayList<>();
            for (String line : text.toString().split("\n")) {
                if (!line.replace("\t", "").isEmpty()) {
                    expected.add(line);
                }
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            LineScanner lines = new LineScanner(ByteSource.plain(() -> new ByteArrayInputStream(bytes)));
            List<String> read = new ArrayList<>();
            while (lines.next()) {
                read.add(new String(lines.line(CharSource.MAX_KEPT), StandardCharsets.UTF_8));
            }
            assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    @Test
    void microsecondsAreInstantsAndBack() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long micros = i == 0 ? 0 : random.nextLong() >>> (10 + random.nextInt(50));
            Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            assertThat(TimeText.instant(micros)).as("seed %d", seed).isEqualTo(instant);
            assertThat(TimeText.micros(instant)).as("seed %d", seed).isEqualTo(micros);
        }
    }

    @Test
    void timesReadAsTheJdkReadsThem() {
        long seed = 8;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(5_000_000_000L), random.nextInt(1_000_000_000))
                    .truncatedTo(List.of(ChronoUnit.NANOS, ChronoUnit.MILLIS, ChronoUnit.SECONDS, ChronoUnit.DAYS)
                            .get(random.nextInt(4)));
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2161) - 1080));
            String text = (random.nextBoolean() ? time : time.atOffset(offset)).toString();
            assertThat(TimeText.micros(text, ZoneOffset.UTC))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(TimeText.micros(time));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.999999Z",
                "2016-12-31T23:59:60Z",
                "2024-01-01T24:00:00Z",
                "2023-02-29",
                "1900-02-29",
                "2024-01-01T00:00:00.0123456789Z",
                "2024-01-01T00:00:00.Z",
                "2024-1-01",
                "2024-01-01T00:00:00+18:01"
            })
    void timesThatAreNoneAreRefused(String text) {
        assertThat(TimeText.micros(text, ZoneOffset.UTC)).isEqualTo(TimeText.INVALID);
    }

    @Test
    void timesOfTheFirstMomentAndTheNinthDigitAreKept() {
        assertThat(TimeText.micros("1970-01-01", ZoneOffset.UTC)).isZero();
        assertThat(TimeText.micros("1970-01-01T00:00:00.000001999Z", ZoneOffset.UTC))
                .isEqualTo(1);
        assertThat(TimeText.micros("2000-02-29T00:00Z", ZoneOffset.UTC)).isEqualTo(951_782_400_000_000L);
    }

    @Test
    void numbersReadAsTheJdkReadsThem() {
        long seed = 9;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(40) - 15);
            String text = random.nextBoolean() ? number.toPlainString() : number.toString();
            BigDecimal read = NumberText.parse(text);
            assertThat(read).as("seed %d: %s", seed, text).isNotNull().isEqualByComparingTo(text);
            assertThat(NumberText.withinLimits(number))
                    .as("seed %d: %s", seed, text)
                    .isTrue();
        }
        assertThat(NumberText.parse("9".repeat(100))).isEqualTo("9".repeat(100));
        assertThat(NumberText.parse("9".repeat(101))).isNull();
        assertThat(NumberText.withinLimits(new BigDecimal("9".repeat(101)))).isFalse();
        assertThat(NumberText.withinLimits(new BigDecimal("0e-500"))).isTrue();
    }

    @Test
    void columnsThatAreNoFieldAreTheSamePropertiesWhateverTheirOrder() {
        Map<String, String> cells =
                new TreeMap<>(Map.of("zebra", "1", "Zoo", "\"x\", y", "a b", "€😀", "\\", "\n", "é", "\u0001"));
        Event event = Reading.of(
                        "zebra,time,é,Zoo,name,\\,empty,a b\n" + "1,2024-05-01,\u0001,\"\"\"x\"\", y\",n,\"\n\",,€😀\n")
                .only();
        assertThat(event.properties()).isEqualTo(Properties.of(cells));
    }

    /** The reader looks for rare characters as it reads on, and only then at each cell. */
    @Test
    void rareCharactersFarIntoAFileAreSeen() {
        StringBuilder csv = new StringBuilder("id,time,name,note\n");
        for (int i = 0; i < 3_000; i++) {
            csv.append(i).append(",2024-05-01T10:00:00Z,visit,plain\n");
        }
        csv.append("x,2024-05-01T10:00:00Z,visit,\"two\r\nlines, \"\"quoted\"\"\"\n");
        csv.append("y,2024-05-01T10:00:00Z,visit,😀\n");
        csv.append("z,2024-05-01T10:00:00Z,visit,a\u0000b\n");
        csv.append("w,2024-05-01T10:00:00Z,vi\u0000sit,\n");
        Reading reading = Reading.of(csv.toString());
        assertThat(reading.rejections()).containsExactly("3005 invalid_encoding", "3006 invalid_encoding");
        List<Event> events = reading.events();
        assertThat(events).hasSize(3_002);
        assertThat(events.get(3_000).properties().json()).isEqualTo("{\"note\":\"two\\r\\nlines, \\\"quoted\\\"\"}");
        assertThat(events.get(3_001).properties().json()).isEqualTo("{\"note\":\"😀\"}");
    }

    @Test
    void membersNamedTwiceAreFoundAmongFewAndMany() {
        for (int members : new int[] {1, 15, 16, 17, 150}) {
            StringBuilder json = new StringBuilder("{\"time\":\"2024-05-01\",\"name\":\"n\"");
            for (int i = 0; i < members; i++) {
                json.append(",\"p").append(i).append("\":").append(i);
            }
            assertThat(Reading.of(json + "}\n{}").events()).hasSize(1);
            for (String again : List.of("name", "p" + (members - 1), "p0")) {
                String twice = json + ",\"" + again + "\":\"\\u0000\"}\n{}";
                assertThat(Reading.of(twice).rejections().get(0)).isEqualTo("1 duplicate_field");
            }
        }
    }
}
