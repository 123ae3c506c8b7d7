package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.RetryLaterException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The contracts of the command: arguments, output, exit codes. */
class CommandLineTest {
    private static final String CSV = """
            id,time,name,value
            a,2026-03-01T10:00:00Z,order,10.10
            b,2026-03-02T10:00:00Z,order,5
            """;

    @TempDir
    private Path folder;

    private String db = "";

    @BeforeEach
    void nameDatabase() {
        db = "jdbc:sqlite:" + folder.resolve("test.db");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Cli ingest(Path file, String... more) {
        return onDatabase(List.of("ingest", file.toString(), "--org", "acme", "--source", "shop"), more);
    }

    private Cli onDatabase(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        all.addAll(List.of("--db", db));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void ingestPrintsTheReceiptAsJson() throws IOException {
        Cli first = ingest(file("orders.csv", CSV), "--json");
        assertThat(first.exitCode()).isZero();
        JsonNode receipt = first.json();
        assertThat(receipt.path("received").asInt()).isEqualTo(2);
        assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
        assertThat(receipt.path("detected").path("format").asText()).isEqualTo("csv");
        assertThat(ingest(file("orders.csv", CSV), "--json")
                        .json()
                        .path("duplicates")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void kpisAreExactDecimalsInTheStatedColumns() throws IOException {
        ingest(file("orders.csv", CSV));
        Cli kpis = onDatabase(List.of("kpis", "--org", "acme", "--kpi", "order.sum", "--format", "csv"));
        assertThat(kpis.out().lines())
                .containsExactly(
                        "org,source,kpi,bucket,dimension,value,events",
                        "acme,,order.sum,2026-03-01,,10.1,1",
                        "acme,,order.sum,2026-03-02,,5,1");
    }

    @Test
    void rangesIncludeTheirStartAndExcludeTheirEnd() throws IOException {
        ingest(file("orders.csv", CSV));
        Cli kpis = onDatabase(
                List.of("kpis", "--org", "acme", "--kpi", "order.count", "--format", "csv"),
                "--from",
                "2026-03-01",
                "--to",
                "2026-03-02",
                "--source",
                "shop");
        assertThat(kpis.out().lines().skip(1)).hasSize(1).allMatch(line -> line.contains(",2026-03-01,"));
    }

    /** As if this were piped into the command. */
    private Cli piped(String bytes, String... more) {
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8)));
        try {
            return ingest(Path.of("-"), more);
        } finally {
            System.setIn(stdin);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "lenient", "validated"})
    void standardInputIsReadLikeAFile(String mode) {
        JsonNode receipt = piped(CSV, "--mode", mode, "--json").json();
        assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
        assertThat(receipt.path("detected").path("format").asText()).isEqualTo("csv");
        assertThat(piped(CSV, "--mode", mode).out())
                .startsWith("standard input: 2 received = 0 accepted + 2 duplicates + 0 conflicts + 0 rejected");
    }

    @Test
    void oneIsSingular() throws IOException {
        String one = CSV.substring(0, CSV.indexOf("b,"));
        ingest(file("one.csv", one));
        assertThat(ingest(file("one.csv", one)).out()).contains("= 0 accepted + 1 duplicate + 0 conflicts");
        piped("id,time,name\nx,,order\n", "--mode", "lenient");
        assertThat(onDatabase(List.of("dead-letters", "list", "--org", "acme")).out())
                .contains("1 dead letter.");
        assertThat(onDatabase(List.of("export", "events", "--org", "acme")).err())
                .isEqualTo("1 event written" + System.lineSeparator());
    }

    @Test
    void aBadRowOfAStrictFileIsNamedAndNothingIsStored() throws IOException {
        Cli refused = ingest(file("bad.csv", CSV + "c,never,order,1\n"), "--json");
        assertThat(refused.exitCode()).isEqualTo(1);
        JsonNode error = refused.json().path("error");
        assertThat(error.path("code").asText()).isEqualTo("invalid_time");
        assertThat(error.path("row").asInt()).isEqualTo(4);
        assertThat(error.path("field").asText()).isEqualTo("time");
        assertThat(refused.err()).contains("Row 4, field time").contains("Nothing was stored");
        assertThat(onDatabase(List.of("kpis", "--org", "acme")).out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ingest nothing.csv --org acme --source shop",
                "ingest --org acme",
                "ingest - - --org acme --source shop",
                "kpis --org acme --no-such-option",
                "kpis --org acme --kpi order.sum --from yesterday",
                "migrate --db jdbc:nonsense:x",
                "forecast --in nothing.csv --horizon 3",
                "export anomalies --org acme --source shop",
                "export forecasts --org acme --from 2026-03-01",
                "detect --in nothing.csv --out x.csv",
                "no-such-command",
                ""
            })
    void wrongUsageExitsWithTwo(String line) {
        Cli run = Cli.run(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).isNotBlank().doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anUnavailableDatabaseExitsWithThree() throws IOException {
        Path orders = file("orders.csv", CSV);
        db = "jdbc:sqlite:" + folder.resolve("no-such-folder").resolve("test.db");
        Cli run = ingest(orders, "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
        assertThat(run.json().path("error").path("code").asText()).isEqualTo("store_unavailable");
    }

    @Test
    void maintainMergesDeltasAndChangesNoFigure() throws IOException {
        ingest(file("orders.csv", CSV));
        String before =
                onDatabase(List.of("kpis", "--org", "acme", "--format", "csv")).out();
        JsonNode done = onDatabase(List.of("maintain", "--json")).json();
        assertThat(done.path("compaction").path("complete").asBoolean()).isTrue();
        assertThat(done.path("storage").path("complete").asBoolean()).isTrue();
        assertThat(done.path("storage").path("message").asText()).contains("SQLite");
        assertThat(onDatabase(List.of("maintain")).out()).contains("0 deltas of 0 orgs merged", "no partitions");
        assertThat(onDatabase(List.of("kpis", "--org", "acme", "--format", "csv"))
                        .out())
                .isEqualTo(before);
        assertThat(onDatabase(List.of("maintain"), "--seconds", "-1").exitCode())
                .isEqualTo(2);
    }

    @Test
    void verifyNamesATamperedCellAndRebuildMendsIt() throws Exception {
        ingest(file("orders.csv", CSV));
        assertThat(onDatabase(List.of("verify", "--org", "acme")).exitCode()).isZero();
        tamper();
        Cli verify = onDatabase(List.of("verify", "--org", "acme", "--json"));
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.json().path("differences").asInt()).isEqualTo(1);
        assertThat(onDatabase(List.of("rebuild", "--org", "acme")).exitCode()).isZero();
        assertThat(onDatabase(List.of("verify", "--org", "acme")).exitCode()).isZero();
    }

    private void tamper() throws SQLException {
        try (Connection connection = DriverManager.getConnection(db);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("""
                            UPDATE sd_kpi_cell SET state = (SELECT state FROM sd_kpi_cell WHERE bucket = '2026-03-01')
                            WHERE bucket = '2026-03-02'
                            """)).isEqualTo(1);
        }
    }

    @Test
    void deadLettersAreListedShownAndReplayed() throws IOException {
        String bad = "c,2026-03-03T10:00:00Z,order,1;5";
        ingest(file("mixed.csv", CSV + bad + "\n"), "--mode", "lenient");
        JsonNode letter = onDatabase(List.of("dead-letters", "list", "--org", "acme", "--json"))
                .json()
                .path("deadLetters")
                .get(0);
        assertThat(letter.path("code").asText()).isEqualTo("invalid_value");
        Path fixed = file("fixed", bad.replace(';', '.'));
        Cli replay = onDatabase(
                List.of(
                        "dead-letters",
                        "replay",
                        "--org",
                        "acme",
                        letter.path("id").asText()),
                "--payload",
                fixed.toString(),
                "--json");
        assertThat(replay.json().path("accepted").asInt()).as(replay.err()).isEqualTo(1);
        assertThat(onDatabase(List.of("dead-letters", "list", "--org", "acme")).out())
                .contains("No dead letters");
    }

    @Test
    void exportsRoundTrip() throws IOException {
        ingest(file("orders.csv", CSV));
        Cli exported = onDatabase(List.of("export", "events", "--org", "acme", "--format", "ndjson"));
        Path events = file("events.ndjson", exported.out());
        assertThat(onDatabase(List.of("ingest", events.toString(), "--org", "copy", "--source", "other", "--json"))
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(2);
        String kpis = onDatabase(List.of("export", "kpis", "--org", "acme")).out();
        assertThat(kpis)
                .startsWith("org,source,kpi,bucket,dimension,value,events\nacme,shop,order.avg,2026-03-01,,10.1,1\n");
        assertThat(onDatabase(List.of("export", "kpis", "--org", "copy")).out())
                .isEqualTo(kpis.replace("acme,", "copy,"));
        assertThat(onDatabase(List.of("export", "events", "--org", "acme"))
                        .out()
                        .lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("id,source,name,occurredAt,value");
    }

    @Test
    void aFailedExportLeavesTheFileAsItWas() throws IOException {
        ingest(file("orders.csv", CSV));
        Path out = file("out.csv", "of yesterday");
        Cli refused = onDatabase(List.of("export", "kpis", "--org", "nobody", "--out", out.toString()));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("unknown_org");
        assertThat(out).hasContent("of yesterday");
        assertThat(onDatabase(List.of("export", "kpis", "--org", "acme", "--out", out.toString()))
                        .exitCode())
                .isZero();
        assertThat(out)
                .content(StandardCharsets.UTF_8)
                .startsWith("org,source,kpi,")
                .contains(",order.sum,");
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void aLinkToAFileStaysALink() throws IOException {
        ingest(file("orders.csv", CSV));
        Path real = file("real.csv", "of yesterday");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), real);
        onDatabase(List.of("export", "events", "--org", "acme", "--out", link.toString()));
        assertThat(link).isSymbolicLink();
        assertThat(real).content(StandardCharsets.UTF_8).startsWith("id,source,name");
    }

    @Test
    void anExportThatOutputDoesNotTakeFails() throws IOException {
        ingest(file("orders.csv", CSV));
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(full))
                .setErr(new PrintWriter(err, true))
                .execute("export", "events", "--org", "acme", "--db", db);
        assertThat(exitCode).as(err.toString()).isEqualTo(1);
        assertThat(err.toString()).contains("io_failure").doesNotContain("written");
    }

    @Test
    void aThrottledCallEndsWithThreeAndSaysWhenToSendItAgain() throws IOException {
        StringWriter out = new StringWriter();
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        var throttled = new RetryLaterException(
                "throttled", "No room. Send it again in 2 s.", Duration.ofMillis(1500), null) {};
        assertThat(Failures.report(command, true, throttled, List.of())).isEqualTo(3);
        JsonNode error = new ObjectMapper().readTree(out.toString()).path("error");
        assertThat(error.path("code").asText()).isEqualTo("throttled");
        assertThat(error.path("retryAfterMillis").asLong()).isEqualTo(1500);
    }

    @Test
    void detectMirrorsAFolderRowByRow() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in").resolve("a"));
        StringBuilder series = new StringBuilder("timestamp,value\n");
        IntStream.range(0, 60)
                .forEach(i -> series.append(LocalDate.of(2026, 1, 1).plusDays(i))
                        .append(',')
                        .append(i == 55 ? 500 : 100 + i % 7)
                        .append('\n'));
        Files.writeString(in.resolve("s.csv"), series);
        Path out = folder.resolve("out");
        Cli run = Cli.run("detect", "--in", folder.resolve("in").toString(), "--out", out.toString(), "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> rows = Files.readAllLines(out.resolve("a").resolve("s.csv"), StandardCharsets.UTF_8);
        assertThat(rows).hasSize(61).first().isEqualTo("timestamp,score,anomaly,expected,lower,upper,severity");
        assertThat(rows.get(1)).startsWith("2026-01-01,,");
        assertThat(rows.stream().filter(row -> row.contains(",true,")))
                .singleElement()
                .asString()
                .startsWith("2026-02-25,");
    }

    @Test
    void forecastWritesTheStatedColumns() throws IOException {
        StringBuilder series = new StringBuilder("series_id,timestamp,value\n");
        for (String id : List.of("x", "y")) {
            IntStream.range(0, 70)
                    .forEach(i -> series.append(id)
                            .append(',')
                            .append(LocalDate.of(2026, 1, 1).plusDays(i))
                            .append(',')
                            .append(50 + 10 * (i % 7))
                            .append('\n'));
        }
        Path out = folder.resolve("forecast.csv");
        Cli run = Cli.run(
                "forecast",
                "--in",
                file("series.csv", series.toString()).toString(),
                "--out",
                out.toString(),
                "--horizon",
                "14",
                "--season",
                "7");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> rows = Files.readAllLines(out, StandardCharsets.UTF_8);
        assertThat(rows).hasSize(29).first().isEqualTo("series_id,step,mean,lower_80,upper_80,lower_95,upper_95,model");
        assertThat(rows.get(1)).startsWith("x,1,");
        assertThat(rows.get(28)).startsWith("y,14,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2000-01-01 2000-04-01 2000-07-01 2000-10-01 2001-01-01",
                "2000 2001 2002 2003",
                "2000-01-31 2000-02-29 2000-03-31 2000-05-31",
                "2000-11 2000-12 2001-01"
            })
    void calendarGridsAreUnderstood(String times) throws IOException {
        StringBuilder series = new StringBuilder("timestamp,value\n");
        for (String time : times.split(" ", -1)) {
            series.append(time.length() == 4 ? time + "-12-31" : time).append(",1\n");
        }
        Cli run =
                Cli.run("forecast", "--in", file("grid.csv", series.toString()).toString(), "--horizon", "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(3);
    }

    @Test
    void forecastDrawsEachSeriesAndShowsItInALine() throws IOException {
        StringBuilder series = new StringBuilder("series_id,timestamp,value\n");
        for (String id : List.of("north/1", "süd")) {
            IntStream.range(0, 70)
                    .filter(i -> i % 11 != 3)
                    .forEach(i -> series.append(id)
                            .append(',')
                            .append(LocalDate.of(2026, 1, 1).plusDays(i))
                            .append(',')
                            .append(50 + 10 * (i % 7))
                            .append('\n'));
        }
        String in = file("plotted.csv", series.toString()).toString();
        String out = folder.resolve("plotted-out.csv").toString();
        String plot = folder.resolve("next.png").toString();
        Cli run = Cli.run("forecast", "--in", in, "--out", out, "--horizon", "14", "--plot", plot);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).containsPattern("\\|\\S{14}  \\S"));
        for (String name : List.of("next-north_1.png", "next-süd.png")) {
            BufferedImage image = ImageIO.read(folder.resolve(name).toFile());
            assertThat(image.getWidth()).isEqualTo(1200);
            assertThat(colours(image)).as(name).contains(0xff333b45, 0xff1f6fb4);
        }
    }

    private static Set<Integer> colours(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .mapToObj(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .collect(Collectors.toSet());
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : List.of(
                "demo",
                "ingest",
                "kpis",
                "detect",
                "forecast",
                "verify",
                "rebuild",
                "dead-letters",
                "export",
                "maintain",
                "migrate",
                "bench",
                "org")) {
            Cli help = Cli.run(command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains("Usage: smartdata " + command);
        }
    }

    @Test
    void theDemoRunsAndProvesItsNumbers() {
        Cli demo = Cli.run("demo", "--db", db);
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("10,320 received =      0 accepted + 10,320 duplicates")
                .contains("known events")
                .contains("backtest of served model")
                .contains("not_permitted")
                .contains("0 differences");
    }

    @Test
    void theBenchmarkCountsWhatItStored() {
        JsonNode result = onDatabase(
                        List.of("bench", "ingest", "--events", "2500", "--batch", "1000", "--writers", "2", "--json"))
                .json();
        assertThat(result.path("accepted").asInt()).isEqualTo(2500);
        assertThat(result.path("eventsPerSecond").asLong()).isPositive();
        assertThat(result.path("cpuSeconds").asDouble()).isPositive();
    }

    @Test
    void theTablesCanBePrintedAndChecked() {
        Cli sql = Cli.run("migrate", "--print-sql", "--db", "jdbc:postgresql://nowhere/x");
        assertThat(sql.out()).contains("CREATE TABLE smartdata.event");
        assertThat(onDatabase(List.of("migrate", "--validate-only")).exitCode()).isEqualTo(2);
        assertThat(onDatabase(List.of("migrate")).exitCode()).isZero();
        assertThat(onDatabase(List.of("migrate", "--validate-only")).exitCode()).isZero();
    }
}
