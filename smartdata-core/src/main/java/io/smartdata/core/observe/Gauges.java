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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * What the gauges of one registry show. A registry keeps the first gauge of a name for ever, so all meters of the registry
 * write to the same one: memory and batches add up, and of lags the greatest is shown. Thread-safe.
 */
final class Gauges {
    private static final Map<MeterRegistry, Gauges> BY_REGISTRY = new WeakHashMap<>();

    /** What nobody measured for so long is not known: a gauge that stands still would look like news. */
    private static final Duration MEASURE_LASTS = Duration.ofMinutes(3);

    private final Clock clock;
    private final LongAdder inFlight = new LongAdder();
    private final Map<Meters, Measured> measured = Collections.synchronizedMap(new WeakHashMap<>());

    private record Measured(Backlog backlog, long nanoTime) {}

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
        Gauge.builder("smartdata.ingest.inflight", inFlight, LongAdder::doubleValue)
                .description("Memory set aside for the ingest calls that run now")
                .baseUnit("bytes")
                .register(registry);
        TimeGauge.builder("smartdata.kpi.lag", this, TimeUnit.MILLISECONDS, Gauges::lagMillis)
                .description("Age of the oldest uncompacted delta of any org; no value if not measured of late")
                .register(registry);
        Gauge.builder("smartdata.kpi.backlog", this, Gauges::batches)
                .description("Batches of all orgs that wait for compaction; no value if not measured of late")
                .baseUnit("batches")
                .register(registry);
    }

    void inFlight(long change) {
        inFlight.add(change);
    }

    void measured(Meters by, Backlog backlog) {
        measured.put(by, new Measured(backlog, clock.monotonicTime()));
    }

    private double lagMillis() {
        return lasting(backlog -> backlog.lag().toMillis(), Math::max);
    }

    private double batches() {
        return lasting(Backlog::batches, Double::sum);
    }

    /** NaN is what monitoring systems leave out. */
    private double lasting(ToDoubleFunction<Backlog> value, DoubleBinaryOperator together) {
        synchronized (measured) {
            return measured.values().stream()
                    .filter(each -> clock.monotonicTime() - each.nanoTime() < MEASURE_LASTS.toNanos())
                    .mapToDouble(each -> value.applyAsDouble(each.backlog()))
                    .reduce(together)
                    .orElse(Double.NaN);
        }
    }
}
