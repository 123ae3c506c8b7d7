package io.smartdata.core.health;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.freshness.DerivedFreshness;
import io.smartdata.core.health.AlertRule.NoData;
import java.time.Duration;
import java.util.List;

/**
 * The rules that health follows, evaluated once a minute.
 *
 * @param lag seconds, of the org with the greatest
 * @param backlog batches, of all orgs
 * @param overdue seconds that the latest refresh of a derived answer is overdue
 * @since 0.1.0
 */
public record AlertRules(AlertRule lag, AlertRule backlog, AlertRule overdue) {
    public AlertRules {
        requireNonNull(lag, "lag");
        requireNonNull(backlog, "backlog");
        requireNonNull(overdue, "overdue");
    }

    /**
     * Lag above 120 s for 3 evaluations, cleared below 45 s; more than 100 batches for 5 minutes, cleared below 40; a derived
     * answer overdue by more than 10 minutes, cleared when it is not. Not to know lag or backlog is alarming.
     */
    public static AlertRules defaults() {
        double staleSeconds = DerivedFreshness.STALE_AFTER.toSeconds();
        return new AlertRules(
                new AlertRule("lag", 120, 45, 3, Duration.ZERO, NoData.BREACH),
                new AlertRule("backlog", 100, 40, 1, Duration.ofMinutes(5), NoData.BREACH),
                new AlertRule("overdue", staleSeconds, staleSeconds, 1, Duration.ZERO, NoData.KEEP));
    }

    List<AlertRule> all() {
        return List.of(lag, backlog, overdue);
    }
}
