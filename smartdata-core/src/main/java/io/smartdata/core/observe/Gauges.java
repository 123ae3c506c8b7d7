package io.smartdata.core.observe;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.smartdata.storage.Backlog;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * What the gauges of one registry show. A registry keeps the first gauge of a name for ever, so all meters of the registry
 * write to the same one: memory and batches add up, of lags the greatest is shown, and
 * of health the worst. Thread-safe.
 */
final class Gauges {
    private static final Map<MeterRegistry, Gauges> BY_REGISTRY = new WeakHashMap<>();

    /** What nobody measured for so long is not known: a gauge that stands still would look like news. */
    private static final Duration MEASURE_LASTS = Duration.ofMinutes(3);

    private final Clock clock;
    private final LongAdder inFlight = new LongAdder();
    private final Map<Meters, Measured> measured = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<String, Map<Meters, Status>> health = new ConcurrentHashMap<>();

    private record Measured(Backlog backlog, Duration overdue, long nanoTime) {}

    private record Status(int status, long nanoTime) {}

    /** Does not hold on to the registry, which would never be forgotten then. */
    private Gauges(Clock clock) {
        this.clock = clock;
    }

    static Gauges of(MeterRegistry registry) {
        synchronized (BY_REGISTRY) {
            return BY_REGISTRY.computeIfAbsent(registry, first -> {
                Gauges gauges = new Gauges(first.config().clock());
                gauges.register(first);
                return gauges;
            });
        }
    }

    private void register(MeterRegistry registry) {
        gauge(Meter.INGEST_IN_FLIGHT, gauges -> gauges.inFlight.doubleValue()).register(registry);
        gauge(Meter.KPI_BACKLOG, Gauges::batches).register(registry);
        seconds(Meter.KPI_LAG, Gauges::lagMillis).register(registry);
        seconds(Meter.DERIVED_OVERDUE, Gauges::overdueMillis).register(registry);
    }

    private Gauge.Builder<Gauges> gauge(Meter meter, ToDoubleFunction<Gauges> value) {
        return Gauge.builder(meter.meterName(), this, value)
                .description(meter.description())
                .baseUnit(meter.unit());
    }

    private TimeGauge.Builder<Gauges> seconds(Meter meter, ToDoubleFunction<Gauges> millis) {
        return TimeGauge.builder(meter.meterName(), this, TimeUnit.MILLISECONDS, millis)
                .description(meter.description());
    }

    void inFlight(long change) {
        inFlight.add(change);
    }

    void measured(Meters by, Backlog backlog, Duration overdue) {
        measured.put(by, new Measured(backlog, overdue, clock.monotonicTime()));
    }

    private double lagMillis() {
        return lasting(each -> each.backlog().lag().toMillis(), Math::max);
    }

    private double overdueMillis() {
        return lasting(each -> each.overdue().toMillis(), Math::max);
    }

    private double batches() {
        return lasting(each -> each.backlog().batches(), Double::sum);
    }

    /** NaN is what monitoring systems leave out. */
    private double lasting(ToDoubleFunction<Measured> value, DoubleBinaryOperator together) {
        synchronized (measured) {
            return measured.values().stream()
                    .filter(each -> lasts(each.nanoTime()))
                    .mapToDouble(value)
                    .reduce(together)
                    .orElse(Double.NaN);
        }
    }

    private boolean lasts(long nanoTime) {
        return clock.monotonicTime() - nanoTime < MEASURE_LASTS.toNanos();
    }

    void health(MeterRegistry registry, Meters by, String component, int status) {
        health.computeIfAbsent(component, first -> {
                    gauge(Meter.HEALTH, gauges -> gauges.worst(first))
                            .tag(Meter.HEALTH.tag(), first)
                            .register(registry);
                    return Collections.synchronizedMap(new WeakHashMap<>());
                })
                .put(by, new Status(status, clock.monotonicTime()));
    }

    private double worst(String component) {
        Map<Meters, Status> statuses = health.getOrDefault(component, Map.of());
        synchronized (statuses) {
            return statuses.values().stream()
                    .filter(each -> lasts(each.nanoTime()))
                    .mapToDouble(Status::status)
                    .max()
                    .orElse(Double.NaN);
        }
    }
}
