package io.smartdata.core.health;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.freshness.DerivedFreshness;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.core.freshness.FreshnessReader;
import io.smartdata.core.health.Health.Component;
import io.smartdata.core.health.Health.Status;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.core.observe.Meters;
import io.smartdata.tenancy.SystemScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the health of this node. Every call measures unless it was done just now; once a minute a measure is also an
 * evaluation of the alert rules, which {@link #watch()} keeps going; each node has its own. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HealthMonitor {
    /** However often a probe calls, the database is asked at most once in this time. */
    private static final Duration MEASURE_LASTS = Duration.ofSeconds(5);

    /** A minute, less what a scheduler may be early. */
    private static final Duration BETWEEN_EVALUATIONS = Duration.ofSeconds(55);

    /** A database that takes longer is as good as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FreshnessReader reader;
    private final SystemScope system;
    private final AlertRules rules;
    private final Supplier<List<Component>> others;
    private final Meters meters;
    private final Clock clock;

    private final Map<AlertRule, AlertRule.State> states = new HashMap<>();
    private @Nullable FutureTask<Found> probe;
    private @Nullable Measure last;
    private @Nullable Instant evaluatedAt;

    /**
     * @param others further components, for example {@code jobs}, which may ask the store; what it throws makes them
     *     {@code down}
     */
    public HealthMonitor(
            FreshnessReader reader,
            SystemScope system,
            AlertRules rules,
            Supplier<List<Component>> others,
            Meters meters,
            Clock clock) {
        this.reader = requireNonNull(reader, "reader");
        this.system = requireNonNull(system, "system");
        this.rules = requireNonNull(rules, "rules");
        this.others = requireNonNull(others, "others");
        this.meters = requireNonNull(meters, "meters");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What the store told. */
    private record Found(Freshness freshness, List<Component> others) {
        Duration overdue() {
            return freshness.derived().stream()
                    .map(DerivedFreshness::overdue)
                    .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    /**
     * What was found, or the code of what was in the way.
     *
     * @param others as found last: a store that does not answer says nothing new about them
     */
    private record Measure(
            @Nullable Found found,
            List<Component> others,
            @Nullable String code,
            Instant at) {
        double figure(AlertRule rule, AlertRules rules) {
            if (found == null) {
                return Double.NaN;
            }
            if (rule == rules.backlog()) {
                return found.freshness().backlog().batches();
            }
            return seconds(rule == rules.lag() ? found.freshness().lag() : found.overdue());
        }

        @Nullable
        Freshness freshness() {
            return found == null ? null : found.freshness();
        }

        private static double seconds(Duration duration) {
            return duration.toNanos() / 1e9;
        }
    }

    /** The health of now; in bounded time, without an exception, whatever the database does. */
    public synchronized Health health() {
        Instant now = clock.instant();
        Measure measure = last;
        if (measure == null || !within(measure.at(), now, MEASURE_LASTS)) {
            measure = measure(now);
            last = measure;
        }
        if (evaluationDue(now)) {
            evaluatedAt = now;
            for (AlertRule rule : rules.all()) {
                evaluate(rule, measure.figure(rule, rules), now);
            }
        }
        Health health = new Health(components(measure), measure.freshness(), measure.at());
        health.components()
                .forEach(component ->
                        meters.health(component.name(), component.status().ordinal()));
        return health;
    }

    /** Evaluates the alert rules if it is time to: to be called again and again by what runs anyway, such as the jobs. */
    public synchronized void watch() {
        if (evaluationDue(clock.instant())) {
            health();
        }
    }

    private boolean evaluationDue(Instant now) {
        return evaluatedAt == null || !within(evaluatedAt, now, BETWEEN_EVALUATIONS);
    }

    /** A clock that was set back makes everything due. */
    private static boolean within(Instant earlier, Instant now, Duration time) {
        return !now.isBefore(earlier) && now.isBefore(earlier.plus(time));
    }

    private Measure measure(Instant now) {
        try {
            Found found = probe().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            meters.measured(found.freshness().backlog(), found.overdue());
            return new Measure(found, found.others(), null, now);
        } catch (TimeoutException e) {
            return unknown("store_slow", now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown("interrupted", now);
        } catch (ExecutionException e) {
            return unknown(code(e.getCause()), now);
        }
    }

    /** Runs beside, for a connection may hang; while one does, no other is begun. */
    private FutureTask<Found> probe() {
        if (probe == null || probe.isDone()) {
            probe = new FutureTask<>(() -> new Found(reader.read(system), lookAtOthers()));
            Thread thread = new Thread(probe, "smartdata-health");
            thread.setDaemon(true);
            thread.start();
        }
        return probe;
    }

    private List<Component> lookAtOthers() {
        try {
            return List.copyOf(others.get());
        } catch (RuntimeException e) {
            return List.of(new Component("others", Status.DOWN, code(e)));
        }
    }

    private static String code(@Nullable Throwable failure) {
        return failure instanceof SmartDataException e ? e.code() : "store_failure";
    }

    /** Said once, until it is known again. */
    private Measure unknown(String code, Instant now) {
        if (last == null || last.found() != null) {
            LogEvent.HEALTH_UNKNOWN.with("code", code).write();
        }
        return new Measure(null, last == null ? List.of() : last.others(), code, now);
    }

    private void evaluate(AlertRule rule, double figure, Instant now) {
        AlertRule.State before = states.getOrDefault(rule, AlertRule.State.QUIET);
        AlertRule.State after = rule.next(before, figure, now);
        states.put(rule, after);
        if (after.raised() && !before.raised()) {
            LogEvent.ALERT_RAISED
                    .with("alert", rule.name())
                    .and("value", figure)
                    .and("raised_above", rule.raiseAbove())
                    .write();
        } else if (before.raised() && !after.raised()) {
            LogEvent.ALERT_CLEARED
                    .with("alert", rule.name())
                    .and("value", figure)
                    .and("cleared_below", rule.clearBelow())
                    .write();
        }
    }

    private List<Component> components(Measure measure) {
        List<Component> all = new ArrayList<>();
        all.add(new Component("store", measure.found() == null ? Status.DOWN : Status.UP, measure.code()));
        all.add(Component.of("backlog", status(rules.backlog())));
        all.add(Component.of("lag", status(rules.lag())));
        all.add(Component.of("freshness", status(rules.overdue())));
        all.addAll(measure.others());
        return all;
    }

    private Status status(AlertRule rule) {
        return states.getOrDefault(rule, AlertRule.State.QUIET).raised() ? Status.DEGRADED : Status.UP;
    }
}
