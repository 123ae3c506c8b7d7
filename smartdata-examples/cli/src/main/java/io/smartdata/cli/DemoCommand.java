package io.smartdata.cli;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.Anomaly;
import io.smartdata.core.SmartData;
import io.smartdata.core.access.Access;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.forecast.Forecasters;
import io.smartdata.core.forecast.Forecasts;
import io.smartdata.core.forecast.reliability.RollingOrigin;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.IngestReceipt;
import io.smartdata.forecast.ForecastErrors;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Interval;
import io.smartdata.forecast.Reliability;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.EventRange;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Takes real data of two orgs through the whole pipeline: twice in, KPIs, anomalies, forecast, proof.")
final class DemoCommand implements Callable<Integer> {
    private static final String TAXI_ORG = "nyc-taxi";
    private static final String TAXI_KPI = "passengers_by_day";
    /** A run through the city shows by the hour. */
    private static final String TAXI_KPI_BY_HOUR = "passengers_by_hour";

    private static final KpiCatalog KPIS = KpiCatalog.of(
            Kpi.sum(TAXI_KPI).event("passengers"),
            Kpi.sum(TAXI_KPI_BY_HOUR).event("passengers").grain(Grain.HOUR));

    private static final ZoneId TAXI_ZONE = ZoneId.of("America/New_York");
    private static final String BIKE_ORG = "dc-bikes";
    private static final String BIKE_KPI = "bike_rentals.sum";
    private static final int HORIZON = 14;
    private static final int FOLDS = 5;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "JDBC URL. Default: a new SQLite file in the temporary folder")
    private @Nullable String url;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** One of the known events, which no other part of the program ever sees. */
    private record KnownEvent(String name, LocalDate from, LocalDate to) {
        boolean covers(LocalDate day) {
            return !day.isBefore(from) && !day.isAfter(to);
        }
    }

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        String db = url == null
                ? "jdbc:sqlite:" + Files.createTempDirectory("smartdata-demo").resolve("demo.db")
                : url;
        Database database = new Database().withUrl(db);
        int exitCode;
        try (SmartData smartData = database.open(TAXI_ZONE, KPIS)) {
            OrgScope taxi = Database.operator(smartData, TAXI_ORG);
            OrgScope bikes = Database.operator(smartData, BIKE_ORG);
            say("smartdata demo on %s%n", db);
            ingest(smartData, taxi, bikes);
            kpis(smartData, taxi, bikes);
            anomalies(smartData, taxi);
            forecast(smartData, bikes);
            tenancy(smartData, taxi, bikes);
            exitCode = proof(smartData, taxi, bikes);
        }
        say("%nDone in %.1f s. Go on with:", (System.nanoTime() - start) / 1e9);
        say(
                "  java -jar smartdata-examples/cli/target/smartdata.jar kpis --org %s --kpi %s --db \"%s\"",
                BIKE_ORG, BIKE_KPI, db);
        say(
                "  java -jar smartdata-examples/cli/target/smartdata.jar ingest YOUR.csv --org you --source shop --dry-run");
        say("  java -jar smartdata-examples/cli/target/smartdata.jar --help");
        return exitCode;
    }

    private void ingest(SmartData smartData, OrgScope taxi, OrgScope bikes) {
        title("Events in: every file is ingested twice");
        IngestOptions taxiOptions =
                IngestOptions.strict(ReadOptions.defaults("tlc").withDefaultName("passengers"));
        IngestOptions bikeOptions = IngestOptions.strict(ReadOptions.defaults("capital-bikeshare")
                .withDefaultName("bike_rentals")
                .withMapping(Map.of("value", "y")));
        for (String time : List.of("first time ", "second time")) {
            receipt(TAXI_ORG, time, smartData.ingest(taxi).input(resource("nyc_taxi.csv.gz"), taxiOptions));
            receipt(BIKE_ORG, time, smartData.ingest(bikes).input(resource("bike_rentals.csv"), bikeOptions));
        }
        smartData.kpis(taxi).compact();
        smartData.kpis(bikes).compact();
        say("  Nothing doubled: the second time every row was recognised.");
    }

    private void receipt(String org, String time, IngestReceipt receipt) {
        say(
                "  %-9s %s  %,6d received = %,6d accepted + %,6d duplicates + %d conflicts + %d rejected",
                org,
                time,
                receipt.received(),
                receipt.accepted(),
                receipt.duplicates(),
                receipt.conflicts(),
                receipt.rejected());
    }

    private void kpis(SmartData smartData, OrgScope taxi, OrgScope bikes) {
        title("KPIs by the day: the taxis' declared in a line, the bikes' without any");
        for (var entry : Map.of(TAXI_KPI, taxi, BIKE_KPI, bikes).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            KpiSeries series = series(smartData, entry.getValue(), entry.getKey());
            say(
                    "  %-9s %-18s %d days to %s",
                    entry.getValue().org(),
                    entry.getKey(),
                    series.points().size(),
                    series.points().get(series.points().size() - 1).bucket());
            say("            %s", Sparkline.of(series.toTimeSeries().values(), 72));
        }
        say("  also there: %s", String.join(", ", smartData.kpis(taxi).names()));
    }

    private static KpiSeries series(SmartData smartData, OrgScope scope, String kpi) {
        return smartData.kpis(scope).series(KpiQuery.of(kpi).between(CellRange.FIRST_DAY, CellRange.END));
    }

    private void anomalies(SmartData smartData, OrgScope taxi) throws IOException {
        title("Anomalies in hourly taxi passengers (detector auto, causal; it never sees the known dates)");
        say(
                "  The known dates are only compared afterwards; the detector's defaults were tuned on data that includes this series.");
        Map<LocalDate, List<Anomaly>> days =
                smartData.anomalies(taxi).detect(TAXI_KPI_BY_HOUR, CellRange.FIRST_DAY, CellRange.END).stream()
                        .collect(Collectors.groupingBy(
                                anomaly -> LocalDate.ofInstant(anomaly.time(), TAXI_ZONE),
                                TreeMap::new,
                                Collectors.toList()));
        List<KnownEvent> known = knownEvents();
        days.forEach((day, hours) -> say(day, hours, eventOf(day, known)));
        List<String> missed = known.stream()
                .filter(event -> days.keySet().stream().noneMatch(event::covers))
                .map(KnownEvent::name)
                .toList();
        say(
                "  Found %d of %d known events, %d other days. Missed: %s.",
                known.size() - missed.size(),
                known.size(),
                days.keySet().stream()
                        .filter(day -> eventOf(day, known).isEmpty())
                        .count(),
                missed.isEmpty() ? "none" : String.join(", ", missed));
    }

    private static Optional<KnownEvent> eventOf(LocalDate day, List<KnownEvent> known) {
        return known.stream().filter(event -> event.covers(day)).findFirst();
    }

    /** The strangest hour of a day. */
    private void say(LocalDate day, List<Anomaly> hours, Optional<KnownEvent> event) {
        Anomaly worst = Collections.max(hours, Comparator.comparingDouble(anomaly -> Math.abs(anomaly.score())));
        say(
                "  %s %s  %,7.0f  expected %,7.0f  %+5.1f sigma  %-8s %s%s",
                day,
                LocalTime.ofInstant(worst.time(), TAXI_ZONE),
                worst.value(),
                worst.expected(),
                worst.score(),
                worst.severity().name().toLowerCase(Locale.ROOT),
                event.map(KnownEvent::name).orElse("not among the known events"),
                hours.size() == 1 ? "" : ", the strangest of %d hours".formatted(hours.size()));
    }

    private List<KnownEvent> knownEvents() throws IOException {
        List<KnownEvent> events = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(resource("nyc_taxi_events.csv").open(), StandardCharsets.UTF_8))) {
            in.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .forEach(cells -> events.add(new KnownEvent(
                            cells[0],
                            LocalDateTime.parse(cells[2]).toLocalDate(),
                            LocalDateTime.parse(cells[3]).toLocalDate())));
        }
        return events;
    }

    private void forecast(SmartData smartData, OrgScope bikes) {
        title("Forecast of daily bike rentals, 14 days, with the measured reliability of the model that is served");
        Forecasts.Served served = smartData.forecasts(bikes).forecast(BIKE_KPI, HORIZON);
        for (ForecastPoint point : served.forecast().points()) {
            Interval likely = point.interval(80).orElseThrow();
            Interval wide = point.interval(95).orElseThrow();
            say(
                    "  %s  %,6.0f   80 %%: %,6.0f to %,6.0f   95 %%: %,6.0f to %,6.0f",
                    point.localTime().toLocalDate(),
                    point.mean(),
                    likely.lower(),
                    likely.upper(),
                    wide.lower(),
                    wide.upper());
        }
        say("  model: %s", served.forecast().modelId());
        say("  %s", served.forecast().explanation());
        Reliability baseline = RollingOrigin.of(
                Forecasters.of("seasonal-naive"), ForecastRequest.of(served.history(), HORIZON), FOLDS);
        reliability("served model", served.reliability());
        reliability("seasonal naive", baseline);
    }

    private void reliability(String name, Reliability reliability) {
        ForecastErrors errors = reliability.total();
        say(
                "  backtest of %-14s %d folds of %d days: MAE %s, WAPE %s, score %s, grade %s",
                name,
                reliability.folds().size(),
                reliability.horizon(),
                errors == null ? "unknown" : String.format(Locale.ROOT, "%,.0f", errors.mae()),
                errors == null || errors.wape() == null
                        ? "unknown"
                        : String.format(Locale.ROOT, "%.1f %%", 100 * errors.wape()),
                reliability.score(),
                reliability.grade().label());
    }

    private void tenancy(SmartData smartData, OrgScope taxi, OrgScope bikes) {
        title("Each org sees its own");
        for (OrgScope scope : List.of(taxi, bikes)) {
            say(
                    "  %-9s %,6d events, KPIs %s",
                    scope.org(),
                    smartData.exports(scope).events(EventRange.all(), ExportFormat.NDJSON, Writer.nullWriter()),
                    smartData.kpis(scope).names());
        }
        say(
                "  dc-bikes asks for %s: %d points",
                TAXI_KPI, series(smartData, bikes, TAXI_KPI).points().size());
        Access bikesOnly = new Access((caller, org, permission) -> org.equals(bikes.org()));
        refused(
                "a caller of dc-bikes asks for nyc-taxi",
                () -> bikesOnly.scope(Caller.of("bike manager"), taxi.org(), Permission.VIEW));
    }

    private void refused(String attempt, Runnable call) {
        try {
            call.run();
            throw new IllegalStateException("One org saw another: " + attempt);
        } catch (SmartDataException e) {
            say("  %s: %s", attempt, e.code());
        }
    }

    private int proof(SmartData smartData, OrgScope taxi, OrgScope bikes) {
        title("Proof: every KPI recounted from the raw events and compared exactly");
        long differences = 0;
        for (OrgScope scope : List.of(taxi, bikes)) {
            Verification found = smartData.kpis(scope).verify(CellRange.FIRST_DAY, CellRange.END);
            say(
                    "  %-9s %,4d cells from %,6d events: %d differences",
                    scope.org(), found.cells(), found.events(), found.differenceCount());
            differences += found.differenceCount();
        }
        return differences == 0 ? 0 : Failures.BAD_INPUT;
    }

    private static Input resource(String name) {
        return () -> {
            InputStream in = DemoCommand.class.getResourceAsStream("/demo/" + name);
            if (in == null) {
                throw new IOException("The jar lacks demo/" + name);
            }
            return in;
        };
    }

    private void title(String text) {
        say("%n%s", spec.commandLine().getColorScheme().ansi().string("@|bold " + text + "|@"));
    }

    private void say(String format, @Nullable Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
