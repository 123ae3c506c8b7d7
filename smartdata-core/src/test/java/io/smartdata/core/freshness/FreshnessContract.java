package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.health.Health;
import io.smartdata.core.health.Health.Status;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.storage.DerivedAnswer;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lag, staleness, silence and the alerts that follow them, as time passes. Needs JUnit and AssertJ. */
public abstract class FreshnessContract {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private final AtomicInteger ids = new AtomicInteger();
    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    /** Lets everything stored become older by the clock of the storage, if that is not {@link #clock()}. */
    protected abstract void age(Duration time) throws Exception;

    /** The clock of the node. */
    protected final Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    @BeforeEach
    final void open() throws Exception {
        opened = SmartData.builder()
                .storage(newStorage())
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(clock())
                .refreshSchedules(RefreshSchedules.none()
                        .with(DerivedAnswer.ANOMALIES, RefreshSchedule.every(HOUR))
                        .with(DerivedAnswer.FORECASTS, RefreshSchedule.every(HOUR)))
                .build();
    }

    @AfterEach
    final void close() {
        smartData().close();
    }

    private SmartData smartData() {
        return requireNonNull(opened);
    }

    private OrgScope org(String name) {
        return smartData()
                .access()
                .scope(Caller.of("test"), OrgId.of(name), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
    }

    private void ingest(OrgScope scope, String source) {
        Event event = Event.named("order_placed", TIME)
                .id("e" + ids.incrementAndGet())
                .source(source)
                .value(1)
                .build();
        assertThat(smartData().ingest(scope).events(List.of(event)).accepted()).isEqualTo(1);
    }

    private void pass(Duration time) throws Exception {
        now.updateAndGet(before -> before.plus(time));
        age(time);
    }

    private Health healthAfter(Duration time) throws Exception {
        pass(time);
        return smartData().health();
    }

    @Test
    void lagIsTheAgeOfTheOldestDeltaAndZeroWhenNothingWaits() throws Exception {
        OrgScope acme = org("acme");
        ingest(acme, "shop");
        pass(Duration.ofSeconds(100));
        ingest(acme, "shop");
        Freshness waiting = smartData().freshness(acme);
        assertThat(waiting.lag()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(200));
        assertThat(waiting.backlog().batches()).isEqualTo(2);
        smartData().kpis(acme).compact();
        assertThat(smartData().freshness(acme).lag()).isZero();
        pass(Duration.ofDays(1));
        assertThat(smartData().freshness(acme).lag()).isZero();
        assertThat(smartData().health().status()).isEqualTo(Status.UP);
    }

    @Test
    void withoutCompactionTheLagAlertFiresAtTheThirdEvaluationAndClearsBelow45Seconds() throws Exception {
        OrgScope acme = org("acme");
        ingest(acme, "shop");
        assertThat(healthAfter(Duration.ofSeconds(130)).reasons()).isEmpty();
        assertThat(healthAfter(MINUTE).reasons()).isEmpty();
        Health raised = healthAfter(MINUTE);
        assertThat(raised.reasons()).containsExactly("lag:degraded");
        assertThat(raised.status()).isEqualTo(Status.DEGRADED);
        smartData().kpis(acme).compact();
        ingest(acme, "shop");
        assertThat(healthAfter(MINUTE).reasons()).as("60 s").containsExactly("lag:degraded");
        smartData().kpis(acme).compact();
        pass(Duration.ofSeconds(50));
        ingest(acme, "shop");
        assertThat(healthAfter(Duration.ofSeconds(10)).reasons()).as("10 s").isEmpty();
    }

    @Test
    void aProbeThatCallsOftenDoesNotRaiseTheAlertSooner() throws Exception {
        ingest(org("acme"), "shop");
        pass(Duration.ofSeconds(130));
        for (int i = 0; i < 8; i++) {
            assertThat(healthAfter(Duration.ofSeconds(6)).reasons()).isEmpty();
        }
    }

    @Test
    void anAnswerThirtyMinutesPastDueSaysStaleUntilItIsRefreshed() throws Exception {
        OrgScope acme = org("acme");
        ingest(acme, "shop");
        LocalDate day = LocalDate.ofInstant(TIME, ZoneOffset.UTC);
        assertThat(smartData().freshness(acme).of(DerivedAnswer.ANOMALIES)).isEmpty();
        smartData().anomalies(acme).detect("order_placed.sum", day, day.plusDays(1));
        assertThat(smartData().freshness(acme).stale()).isFalse();
        smartData().kpis(acme).compact();
        pass(HOUR.plusMinutes(5));
        assertThat(smartData().freshness(acme).stale()).isFalse();
        pass(Duration.ofMinutes(26));
        DerivedFreshness late =
                smartData().freshness(acme).of(DerivedAnswer.ANOMALIES).orElseThrow();
        assertThat(late.stale()).isTrue();
        assertThat(late.overdue()).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        assertThat(smartData().health().reasons()).containsExactly("freshness:degraded");
        smartData().anomalies(acme).detect("order_placed.sum", day, day.plusDays(1));
        assertThat(smartData().freshness(acme).stale()).isFalse();
        assertThat(healthAfter(MINUTE).reasons()).isEmpty();
    }

    @Test
    void silenceIsToldPerSourceAndIsNoOutage() throws Exception {
        OrgScope acme = org("acme");
        ingest(acme, "app");
        smartData().sources(acme).declare("planned", ConflictPolicy.REJECT);
        pass(Duration.ofDays(3));
        ingest(acme, "shop");
        smartData().kpis(acme).compact();
        assertThat(smartData().freshness(acme).silences())
                .extracting(Silence::source, silence -> silence.age().toDays())
                .containsExactly(tuple("app", 3L), tuple("shop", 0L));
        assertThat(smartData().health().status()).isEqualTo(Status.UP);
    }

    @Test
    void anOrgIsToldOfItselfOnlyAndHealthOfNone() throws Exception {
        ingest(org("acme"), "shop");
        ingest(org("globex"), "secret-source");
        pass(MINUTE);
        smartData().kpis(org("acme")).compact();
        Freshness acme = smartData().freshness(org("acme"));
        assertThat(acme.lag()).isZero();
        assertThat(acme.silences()).extracting(Silence::source).containsExactly("shop");
        Health health = smartData().health();
        assertThat(requireNonNull(health.freshness()).lag()).isGreaterThanOrEqualTo(MINUTE);
        assertThat(health.toString()).doesNotContain("acme", "globex", "shop", "secret-source");
    }

    @Test
    void freshnessNeedsViewAndAnOrgWithData() {
        OrgScope blind = smartData().access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST);
        assertThatThrownBy(() -> smartData().freshness(blind))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        assertThatThrownBy(() -> smartData().freshness(org("nobody")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }
}
