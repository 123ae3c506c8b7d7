package io.smartdata.benchmarks.anomaly;

import io.smartdata.benchmarks.Cost;
import io.smartdata.benchmarks.Figures;
import io.smartdata.benchmarks.Options;
import io.smartdata.benchmarks.Place;
import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.Anomalies;
import io.smartdata.core.anomaly.JudgedKpi;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What does a night over thousands of daily KPIs cost: to read their histories, to judge the last month of each, to decide
 * on the alerts of all together, and to keep what was found? The first night reads all, later ones go on from it. Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.anomaly.NightRunner --db URL}.
 *
 * <p>Each KPI has one event a day, all are of one org, and one thread does what the nightly job does.
 */
public final class NightRunner {
    private static final String DATABASE = "night";
    private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);
    private static final int JUDGED_DAYS = 31;
    private static final int JUDGED_A_CALL = 50;
    private static final int KEPT_A_CALL = 500;
    private static final int BATCH = 10_000;
    private static final long SEED = 20_260_101;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final int kpis;
    private final int days;

    private NightRunner(Options options) {
        this.kpis = options.integer("--kpis");
        this.days = options.integer("--days");
    }

    public static void main(String[] args) throws SQLException {
        Options options = Options.parse(
                args, Map.of("--db", "", "--kpis", "10000", "--days", "730", "--rounds", "3", "--server-pid", "0"));
        NightRunner runner = new NightRunner(options);
        try (Place place = Place.of(options.text("--db"), options.integer("--server-pid"))) {
            try {
                runner.run(place, place.create(DATABASE), options.integer("--rounds"));
            } finally {
                place.drop(DATABASE);
            }
        }
    }

    private void run(Place place, String url, int rounds) throws SQLException {
        InstantSource source = now::get;
        try (SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open(url))
                .accessPolicy(AccessPolicy.singleOperator())
                .clock((Clock) source.withZone(ZoneOffset.UTC))
                .build()) {
            OrgScope scope = smartData
                    .access()
                    .scope(
                            Caller.of("benchmark"),
                            OrgId.of("acme"),
                            Permission.INGEST,
                            Permission.VIEW,
                            Permission.OPERATE);
            now.set(today(rounds).atStartOfDay().toInstant(ZoneOffset.UTC));
            ingest(smartData, scope, days + rounds);
            Cost first = night(place, smartData.anomalies(scope), 0);
            Cost[] later = new Cost[rounds];
            for (int i = 0; i < rounds; i++) {
                later[i] = night(place, smartData.anomalies(scope), i + 1);
            }
            System.out.printf(Locale.ROOT, "%s; %,d KPIs of %d days, one thread%n", place.description(), kpis, days);
            print("night that reads all", first);
            print("median of " + rounds + " nights that go on from it", later);
        }
    }

    private LocalDate today(int night) {
        return FIRST.plusDays(days + night);
    }

    private Cost night(Place place, Anomalies anomalies, int night) throws SQLException {
        LocalDate today = today(night);
        now.set(today.atTime(2, 15).toInstant(ZoneOffset.UTC));
        return Cost.of(place, DATABASE, kpis, () -> night(anomalies, today));
    }

    private static void print(String what, Cost... costs) {
        System.out.printf(
                Locale.ROOT,
                "%-40s %7.2f s   CPU: client %6.2f s, server %6.2f s   %7.1f us CPU a KPI%n",
                what,
                median(costs, Cost::seconds),
                median(costs, Cost::clientCpu),
                median(costs, Cost::serverCpu),
                median(costs, Cost::cpuMicrosPerEvent));
    }

    private static double median(Cost[] costs, ToDoubleFunction<Cost> figure) {
        return Figures.median(Arrays.stream(costs).mapToDouble(figure).toArray());
    }

    private void night(Anomalies anomalies, LocalDate today) {
        LocalDate from = today.minusDays(JUDGED_DAYS);
        List<JudgedKpi> judged = new ArrayList<>();
        for (int first = 0; first < kpis; first += JUDGED_A_CALL) {
            List<String> names = IntStream.range(first, Math.min(first + JUDGED_A_CALL, kpis))
                    .mapToObj(kpi -> event(kpi) + ".sum")
                    .toList();
            judged.addAll(anomalies.judge(names, from, today));
        }
        List<JudgedKpi> decided = anomalies.withIncidents(judged);
        for (int first = 0; first < kpis; first += KEPT_A_CALL) {
            anomalies.keep(decided.subList(first, Math.min(first + KEPT_A_CALL, kpis)), from, today);
        }
    }

    private static String event(int kpi) {
        return "e%05d".formatted(kpi);
    }

    /** A level, a week and noise; days of all KPIs after one another, as they come. */
    private void ingest(SmartData smartData, OrgScope scope, int allDays) {
        Random random = new Random(SEED);
        double[] level = random.doubles(kpis, 20, 1000).toArray();
        double[] week = random.doubles(7, 0.6, 1.4).toArray();
        List<Event> batch = new ArrayList<>(BATCH);
        for (int day = 0; day < allDays; day++) {
            for (int kpi = 0; kpi < kpis; kpi++) {
                double value = level[kpi] * week[day % 7] * Math.exp(0.1 * random.nextGaussian());
                batch.add(
                        Event.named(event(kpi), FIRST.plusDays(day).atTime(1, 0).toInstant(ZoneOffset.UTC))
                                .id(kpi + "/" + day)
                                .source("shop")
                                .value(Math.round(value))
                                .build());
                if (batch.size() == BATCH || (day == allDays - 1 && kpi == kpis - 1)) {
                    smartData.ingest(scope).events(batch);
                    batch.clear();
                }
            }
        }
        smartData.kpis(scope).compact();
    }
}
