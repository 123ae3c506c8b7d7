package io.smartdata.spring.monitor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.event.Event;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.spring.RunningHost;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.JobRun;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What dashboard and alert rules ask for is what a host that has worked tells Prometheus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScrapeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** Prometheus adds these to all it scrapes. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    /** A label of ours that is called as one of those is renamed to this and its name. */
    private static final String RENAMED = "exported_";

    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** By metric, the values of each label. */
    private final Map<String, Map<String, Set<String>>> scraped = new HashMap<>();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        AccessPolicy policy() {
            return AccessPolicy.singleOperator();
        }

        @Bean
        Job broken() {
            return Job.named("broken")
                    .cron("0 0 1 1 *", ZoneOffset.UTC)
                    .perOrg((context, org) -> List.of(JobPiece.once("broken", scope -> {
                                throw new IllegalStateException("broken on purpose");
                            }))
                            .iterator());
        }
    }

    @BeforeAll
    void scrapeAHostThatHasWorked(@TempDir Path folder) throws Exception {
        try (RunningHost host = RunningHost.withoutSecurity(
                folder,
                Host.class,
                "management.endpoints.web.exposure.include=health,prometheus",
                "smartdata.emitter.url=http://localhost:1",
                "smartdata.emitter.close-timeout=0s")) {
            work(host.context().getBean(SmartData.class));
            host.context().getBean(EventEmitter.class).emit(sales().get(0));
            host.get("/actuator/health");
            RunningHost.Answer answer = host.get("/actuator/prometheus");
            assertThat(answer.status()).isEqualTo(200);
            read(answer.body());
        }
    }

    /** Everything that has a meter, at least once. */
    private static void work(SmartData smartData) {
        OrgScope acme = smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of("acme"),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.VIEW_SENSITIVE);
        LocalDate to = LocalDate.of(2026, 3, 2);
        assertThat(smartData.ingest(acme).events(sales()).rejected()).isEqualTo(1);
        assertThat(smartData.ingest(acme).events(sales()).duplicates()).isEqualTo(60);
        smartData.kpis(acme).names();
        smartData.kpis(acme).series(KpiQuery.of("sale.sum").between(to.minusDays(9), to));
        smartData.anomalies(acme).detect("sale.sum", to.minusDays(30), to);
        smartData.forecasts(acme).forecast("sale.sum", 3);
        smartData.deadLetters(acme).replay(ReplayRequest.of(DeadLetterFilter.open()));
        for (String job : List.of("compaction", "anomalies", "forecasts", "reestimation")) {
            smartData.jobs().run(job);
        }
        assertThat(smartData.jobs().run("broken").status()).isEqualTo(JobRun.Status.FAILED);
    }

    private static List<Event> sales() {
        List<Event> events = new ArrayList<>();
        for (int day = 0; day < 60; day++) {
            events.add(Event.named("sale", NOON.minus(Duration.ofDays(day)))
                    .id("e" + day)
                    .value(day == 3 ? 1_000_000 : 100 + day % 3)
                    .build());
        }
        events.add(Event.named("sale", Instant.now().plus(Duration.ofDays(3)))
                .id("too early")
                .build());
        return events;
    }

    private void read(String text) {
        Matcher samples = SAMPLE.matcher(text);
        while (samples.find()) {
            Map<String, Set<String>> labels = scraped.computeIfAbsent(samples.group(1), metric -> new HashMap<>());
            Matcher pairs = LABEL.matcher(samples.group(2) == null ? "" : samples.group(2));
            while (pairs.find()) {
                labels.computeIfAbsent(pairs.group(1), label -> new HashSet<>()).add(pairs.group(2));
            }
        }
    }

    @AfterAll
    void forget() {
        scraped.clear();
    }

    static List<String> panels() throws Exception {
        return Shipped.panels();
    }

    static List<String> rules() throws Exception {
        return Shipped.rules();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void whatAPanelNamesIsScraped(String expression) {
        assertScraped(Expression.parse(expression));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void whatAnAlertNamesIsScraped(String expression) {
        assertScraped(Expression.parse(expression));
    }

    private void assertScraped(Expression expression) {
        assertThat(expression.metrics()).isNotEmpty();
        expression.selectors().forEach((metric, chosen) -> {
            if (metric.equals("ALERTS")) {
                return; // of Prometheus itself
            }
            assertThat(scraped).containsKey(metric);
            chosen.forEach((label, value) -> assertLabel(metric, label, value));
            expression.groupings().forEach(label -> assertLabel(metric, label, ""));
        });
    }

    private void assertLabel(String metric, String label, String value) {
        if (OF_THE_TARGET.contains(label)) {
            return;
        }
        String name = label.startsWith(RENAMED) ? label.substring(RENAMED.length()) : label;
        Map<String, Set<String>> labels = requireNonNull(scraped.get(metric), metric);
        assertThat(labels).as("labels of %s", metric).containsKey(name);
        if (!value.isEmpty()) {
            assertThat(labels.get(name)).as("%s of %s", name, metric).contains(value);
        }
    }
}
