package io.smartdata.spring.monitor;

import io.smartdata.core.health.AlertRule;
import io.smartdata.core.health.AlertRules;
import io.smartdata.core.health.Health;
import io.smartdata.core.observe.Meter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The alert rules of {@link AlertRules}, in the words of Prometheus: raised and cleared as {@code health()} does, for all nodes
 * of a job together. Between raising and clearing an alert stays because it is firing.
 */
final class PrometheusRules {
    /** Alert rules are evaluated once a minute, here as there. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** A database that restarts is no alarm. */
    private static final Duration STORE_AWAY = Duration.ofMinutes(2);

    private PrometheusRules() {}

    /** One alert. */
    private record Alert(
            String name, String expression, Duration lasting, String severity, String summary, String help) {
        String yaml() {
            String lines = expression.indent(10).stripTrailing();
            String wait = lasting.isZero() ? "" : "        for: %dm%n".formatted(lasting.toMinutes());
            return """
                      - alert: %s
                        expr: |-
                %s
                %s        labels:
                          severity: %s
                        annotations:
                          summary: "%s"
                          description: "%s"
                """.formatted(name, lines, wait.replace(System.lineSeparator(), "\n"), severity, summary, help);
        }
    }

    static String yaml(AlertRules rules) {
        List<Alert> alerts = new ArrayList<>();
        alerts.add(
                new Alert(
                        "SmartDataStoreDown",
                        "max by (job) (%s{component=\"store\"}) == %d"
                                .formatted(Metric.of(Meter.HEALTH), Health.Status.DOWN.ordinal()),
                        STORE_AWAY,
                        "critical",
                        "The store does not answer",
                        "Nothing is stored and no query is answered on at least one node of {{ $labels.job }}; senders keep their events and try again. Look at the database and the log event health_unknown."));
        alerts.add(
                alert(
                        "SmartDataLag",
                        rules.lag(),
                        Meter.KPI_LAG,
                        "Compaction is late",
                        "The oldest delta of an org waits for {{ $value | humanizeDuration }}. Queries of {{ $labels.job }} get slower; none is wrong and nothing is lost. Look at the job compaction and at the load of the database."));
        alerts.add(
                alert(
                        "SmartDataBacklog",
                        rules.backlog(),
                        Meter.KPI_BACKLOG,
                        "Batches pile up before compaction",
                        "{{ $value }} batches wait. Queries of {{ $labels.job }} get slower; none is wrong and nothing is lost. Look at the job compaction, or give jobs more threads."));
        alerts.add(
                alert(
                        "SmartDataOverdue",
                        rules.overdue(),
                        Meter.DERIVED_OVERDUE,
                        "Anomalies or forecasts are old",
                        "A refresh of {{ $labels.job }} is overdue by {{ $value | humanizeDuration }}; answers say that they are stale, KPIs are fresh. Look at the runs of the jobs anomalies and forecasts."));
        alerts.add(
                new Alert(
                        "SmartDataJobFailed",
                        "max by (job) (%s{component=\"jobs\"}) >= %d"
                                .formatted(Metric.of(Meter.HEALTH), Health.Status.DEGRADED.ordinal()),
                        Duration.ZERO,
                        "warning",
                        "The latest run of a job failed",
                        "It clears with the next run that succeeds. The endpoint smartdata of {{ $labels.job }}, and smartdata jobs history, name the job and the error."));
        StringBuilder yaml = new StringBuilder("""
                # Made from the constants of smartdata; docs/operations.md says how, and what to do about each alert.
                groups:
                  - name: smartdata
                    interval: %dm
                    rules:
                """.formatted(INTERVAL.toMinutes()));
        alerts.forEach(alert -> yaml.append(alert.yaml()));
        return yaml.toString();
    }

    private static Alert alert(String name, AlertRule rule, Meter meter, String summary, String help) {
        return new Alert(name, expression(name, rule, meter), lasting(rule), "warning", summary, help);
    }

    private static String expression(String name, AlertRule rule, Meter meter) {
        String figure = "max by (job) (%s)".formatted(Metric.of(meter));
        String unknown = "%s != %s".formatted(figure, figure); // only NaN differs from itself
        String raised = "and ignoring (alertname, alertstate, severity) ALERTS{alertname=\"%s\", alertstate=\"firing\"}"
                .formatted(name);
        List<String> cases = new ArrayList<>();
        cases.add("%s > %s".formatted(figure, number(rule.raiseAbove())));
        cases.add("%s >= %s %s".formatted(figure, number(rule.clearBelow()), raised));
        switch (rule.noData()) {
            case BREACH -> cases.add(unknown);
            case KEEP -> cases.add(unknown + " " + raised);
            case CLEAR -> {}
        }
        return String.join("\nor ", cases);
    }

    /** From the first evaluation that is too high to the one that raises. */
    private static Duration lasting(AlertRule rule) {
        Duration counted = INTERVAL.multipliedBy(rule.evaluations() - 1L);
        return counted.compareTo(rule.lasting()) >= 0 ? counted : rule.lasting();
    }

    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
