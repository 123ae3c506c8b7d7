package io.smartdata.core.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.core.freshness.FreshnessReader;
import io.smartdata.core.freshness.RefreshSchedules;
import io.smartdata.core.health.Health.Component;
import io.smartdata.core.health.Health.Status;
import io.smartdata.core.observe.Meters;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.tenancy.SystemScope;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthMonitorTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
    private final AtomicReference<Runnable> beforeRead = new AtomicReference<>(() -> {});
    private final MockClock meterClock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, meterClock);

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    /** A store of which every look at results does something first. */
    private Storage storage() {
        Storage real = new InMemoryStorage(clock());
        return (Storage) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Storage.class}, (self, method, args) -> {
                    if (method.getReturnType() == ResultStore.class) {
                        requireNonNull(beforeRead.get()).run();
                    }
                    return method.invoke(real, args);
                });
    }

    private HealthMonitor monitor(Supplier<List<Component>> others) {
        FreshnessReader reader = new FreshnessReader(storage(), RefreshSchedules.nightly(ZoneOffset.UTC));
        return new HealthMonitor(
                reader, SystemScope.mint(), AlertRules.defaults(), others, Meters.of(registry), clock());
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
        meterClock.add(time);
    }

    @Test
    void aStoreThatIsAwayIsDownWithItsCodeAndAfterThreeMinutesItsLagIsAlarming() {
        HealthMonitor monitor = monitor(List::of);
        beforeRead.set(() -> {
            throw new StoreUnavailableException("away", Duration.ofSeconds(1), null);
        });
        Health away = monitor.health();
        assertThat(away.status()).isEqualTo(Status.DOWN);
        assertThat(away.reasons()).containsExactly("store:down");
        assertThat(away.components().get(0).code()).isEqualTo("store_unavailable");
        assertThat(away.freshness()).isNull();
        pass(Duration.ofMinutes(1));
        monitor.health();
        pass(Duration.ofMinutes(1));
        assertThat(monitor.health().reasons()).containsExactly("store:down", "lag:degraded");
        beforeRead.set(() -> {});
        pass(Duration.ofMinutes(1));
        assertThat(monitor.health().reasons()).isEmpty();
    }

    @Test
    void aStoreThatHangsIsDownAndIsNotAskedASecondTimeMeanwhile() throws InterruptedException {
        HealthMonitor monitor = monitor(List::of);
        CountDownLatch released = new CountDownLatch(1);
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        beforeRead.set(() -> {
            asked.updateAndGet(times -> times + 1);
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(monitor.health().components().get(0).code()).isEqualTo("store_slow");
        pass(Duration.ofSeconds(10));
        assertThat(monitor.health().components().get(0).code()).isEqualTo("store_slow");
        assertThat(asked).hasValue(1);
        released.countDown();
        pass(Duration.ofSeconds(10));
        assertThat(monitor.health().status()).isEqualTo(Status.UP);
    }

    @Test
    void theDatabaseIsAskedAtMostOnceInFiveSeconds() {
        HealthMonitor monitor = monitor(List::of);
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        beforeRead.set(() -> asked.updateAndGet(times -> times + 1));
        Health first = monitor.health();
        pass(Duration.ofSeconds(4));
        assertThat(monitor.health()).isEqualTo(first);
        pass(Duration.ofSeconds(1));
        monitor.health();
        assertThat(asked).hasValue(2);
    }

    @Test
    void anotherComponentThatIsDownOrBrokenIsSaidSo() {
        assertThat(monitor(() -> List.of(Component.of("jobs", Status.DEGRADED)))
                        .health()
                        .reasons())
                .containsExactly("jobs:degraded");
        Health broken = monitor(() -> {
                    throw new IllegalStateException("no");
                })
                .health();
        assertThat(broken.reasons()).containsExactly("others:down");
    }

    @Test
    void whatWatchesKeepsTheAlertsGoing() {
        HealthMonitor monitor = monitor(List::of);
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        beforeRead.set(() -> {
            asked.updateAndGet(times -> times + 1);
            throw new StoreUnavailableException("away", Duration.ofSeconds(1), null);
        });
        for (int second = 0; second <= 120; second++) {
            monitor.watch();
            pass(Duration.ofSeconds(1));
        }
        assertThat(asked).as("once a minute").hasValue(3);
        assertThat(monitor.health().reasons()).containsExactly("store:down", "lag:degraded");
    }

    @Test
    void aStoreThatIsAwayIsNotAskedAboutTheRest() {
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        HealthMonitor monitor = monitor(() -> {
            asked.updateAndGet(times -> times + 1);
            return List.of(Component.of("jobs", Status.DEGRADED));
        });
        monitor.health();
        beforeRead.set(() -> {
            throw new StoreUnavailableException("away", Duration.ofSeconds(1), null);
        });
        pass(Duration.ofSeconds(10));
        assertThat(monitor.health().reasons())
                .as("what was said of jobs stays")
                .containsExactly("store:down", "jobs:degraded");
        assertThat(asked).hasValue(1);
    }

    @Test
    void everyComponentIsAGauge() {
        HealthMonitor monitor = monitor(() -> List.of(Component.of("jobs", Status.DEGRADED)));
        monitor.health();
        assertThat(status("jobs")).isEqualTo(1);
        beforeRead.set(() -> {
            throw new StoreUnavailableException("away", Duration.ofSeconds(1), null);
        });
        pass(Duration.ofSeconds(10));
        monitor.health();
        assertThat(status("store")).isEqualTo(2);
        assertThat(status("lag")).isZero();
        pass(Duration.ofMinutes(3));
        assertThat(status("store")).isNaN();
    }

    private double status(String component) {
        return registry.get("smartdata.health")
                .tag("component", component)
                .gauge()
                .value();
    }

    @Test
    void theGaugesForgetWhatNobodyMeasuredForThreeMinutes() {
        HealthMonitor monitor = monitor(List::of);
        assertThat(registry.get("smartdata.kpi.lag").timeGauge().value()).isNaN();
        monitor.health();
        assertThat(registry.get("smartdata.kpi.lag").timeGauge().value()).isZero();
        assertThat(registry.get("smartdata.kpi.backlog").gauge().value()).isZero();
        pass(Duration.ofMinutes(3));
        assertThat(registry.get("smartdata.kpi.lag").timeGauge().value()).isNaN();
    }
}
