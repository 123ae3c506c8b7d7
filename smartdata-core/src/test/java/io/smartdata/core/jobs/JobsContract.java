package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellRange;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs of nodes that share a storage, run on the caller's thread. Needs JUnit and AssertJ. */
@Timeout(120)
public abstract class JobsContract {
    private final List<SmartData> opened = new ArrayList<>();
    private @Nullable Storage storage;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void makeStorage() throws Exception {
        storage = newStorage();
    }

    @AfterEach
    final void close() {
        opened.forEach(SmartData::close);
    }

    private SmartData node(Job... jobs) {
        SmartData.Builder builder = SmartData.builder()
                .storage(requireNonNull(storage))
                .accessPolicy(AccessPolicy.singleOperator())
                .jobSettings(JobSettings.defaults().withLease(Duration.ofMillis(500)))
                .withoutLibraryJobs();
        List.of(jobs).forEach(builder::job);
        SmartData node = builder.build();
        opened.add(node);
        return node;
    }

    private SmartData nodeWithLibraryJobs() {
        SmartData node = SmartData.builder()
                .storage(requireNonNull(storage))
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
        opened.add(node);
        return node;
    }

    private static OrgScope org(SmartData node, String name) {
        return node.access()
                .scope(
                        Caller.of("test"),
                        OrgId.of(name),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.EXPORT);
    }

    private static Event event(String name, Instant time) {
        return Event.named(name, time)
                .id(EventId.of(UUID.randomUUID().toString()))
                .source("test")
                .build();
    }

    private void createOrgs(SmartData node, String... names) {
        for (String name : names) {
            node.ingest(org(node, name)).events(List.of(event("created", Instant.parse("2026-01-01T00:00:00Z"))));
        }
    }

    private List<String> eventNames(SmartData node, String org) {
        List<String> names = new ArrayList<>();
        requireNonNull(storage)
                .events()
                .scan(
                        org(node, org),
                        EventRange.all(),
                        (StoredEvent stored) -> names.add(stored.event().name()));
        return names;
    }

    /** Daily, at the minute it was {@code ago} by the database's clock. */
    private Schedule dailyAt(Duration ago) {
        List<ZonedDateTime> time = new ArrayList<>();
        requireNonNull(storage)
                .open(system -> time.add(
                        requireNonNull(storage).jobs().now(system).minus(ago).atZone(ZoneOffset.UTC)));
        return Schedule.cron(
                "%d %d * * *".formatted(time.get(0).getMinute(), time.get(0).getHour()), ZoneOffset.UTC);
    }

    private Job countingJob(AtomicInteger runs, Duration ago, Misfire misfire) {
        return Job.named("counting").schedule(dailyAt(ago)).misfire(misfire).system(context -> runs.incrementAndGet());
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aSlotRunsOnceOnWhicheverNodeComesFirst() {
        AtomicInteger runs = new AtomicInteger();
        Job job = countingJob(runs, Duration.ofHours(2), Misfire.RUN_ONCE);
        SmartData first = node(job);
        SmartData second = node(job);
        assertThat(first.jobs().runDue()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(JobRun.Status.DONE);
            assertThat(run.processed()).isEqualTo(1);
            assertThat(run.endedAt()).isNotNull();
        });
        assertThat(first.jobs().runDue()).isEmpty();
        assertThat(second.jobs().runDue()).isEmpty();
        assertThat(runs).hasValue(1);
        assertThat(second.jobs().history("counting", 10)).hasSize(1);
    }

    @Test
    void aMissedSlotIsLeftOutWhereTheRuleSaysSo() {
        AtomicInteger runs = new AtomicInteger();
        assertThat(node(countingJob(runs, Duration.ofHours(2), Misfire.SKIP))
                        .jobs()
                        .runDue())
                .isEmpty();
        assertThat(runs).hasValue(0);
    }

    @Test
    void aMissedSlotIsLeftOutAfterTheMisfireWindow() {
        AtomicInteger runs = new AtomicInteger();
        Job job = Job.named("counting")
                .schedule(dailyAt(Duration.ofHours(2)))
                .misfireWindow(Duration.ofHours(1))
                .system(context -> runs.incrementAndGet());
        assertThat(node(job).jobs().runDue()).isEmpty();
        assertThat(runs).hasValue(0);
    }

    @Test
    void aJobThatIsNotNeededCostsNoRun() {
        Job job = Job.named("idle")
                .every(Duration.ofSeconds(1))
                .neededWhen(() -> false)
                .system(context -> 1);
        SmartData node = node(job);
        assertThat(node.jobs().runDue()).isEmpty();
        assertThat(node.jobs().history("idle", 10)).isEmpty();
    }

    @Test
    void aJobRunsByHandAsOftenAsAskedButNotTwiceAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Job job = Job.named("slow").schedule(dailyAt(Duration.ofHours(14))).system(context -> {
            begun.countDown();
            await(goOn);
            return 1;
        });
        SmartData node = node(job);
        CompletableFuture<JobRun> running =
                CompletableFuture.supplyAsync(() -> node.jobs().run("slow"));
        await(begun);
        assertCode("job_running", () -> node(job).jobs().run("slow"));
        goOn.countDown();
        assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo(JobRun.Status.DONE);
        assertThat(node.jobs().run("slow").status()).isEqualTo(JobRun.Status.DONE);
        assertThat(node.jobs().history("slow", 10)).hasSize(2);
        assertThat(node.jobs().list()).singleElement().satisfies(status -> {
            assertThat(status.name()).isEqualTo("slow");
            assertThat(status.next()).isNotNull();
            assertThat(requireNonNull(status.last()).status()).isEqualTo(JobRun.Status.DONE);
        });
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aJobThatDoesNotExistIsNamed() {
        SmartData node = node(Job.named("known").every(Duration.ofHours(1)).system(context -> 0));
        assertCode("unknown_job", () -> node.jobs().run("unknown"));
        assertThatThrownBy(() -> node.jobs().history("unknown", 1)).hasMessageContaining("The jobs are: known.");
    }

    @Test
    void whatFailsInOneOrgIsDoneInTheOthersAndSaysNothingOfTheData() {
        List<String> done = new ArrayList<>();
        Job job = Job.named("partly")
                .schedule(dailyAt(Duration.ofHours(2)))
                .perOrg((context, org) -> List.of(JobPiece.repeatable(scope -> {
                            if (scope.org().value().equals("bad")) {
                                throw new IllegalStateException("card 4111-1111 of Alice");
                            }
                            done.add(scope.org().value());
                            return 1;
                        }))
                        .iterator());
        SmartData node = node(job);
        createOrgs(node, "acme", "bad", "globex");
        assertThat(node.jobs().runDue()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(JobRun.Status.FAILED);
            assertThat(run.errorCode()).isEqualTo("job_failed");
            assertThat(run.errorMessage())
                    .contains("1 pieces failed")
                    .contains("IllegalStateException")
                    .doesNotContain("4111")
                    .doesNotContain("Alice")
                    .doesNotContain("bad");
            assertThat(run.processed()).isEqualTo(2);
        });
        assertThat(done).containsExactlyInAnyOrder("acme", "globex");
        assertThat(node.jobs().runDue()).as("a failed run is over").isEmpty();
    }

    /** The process ends between the effect and the end of the run. */
    @Test
    void whatWasDoneBeforeACrashIsNotDoneAgain() {
        AtomicInteger crashes = new AtomicInteger();
        List<SmartData> nodes = new ArrayList<>();
        Job job = Job.named("effects")
                .schedule(dailyAt(Duration.ofHours(2)))
                .perOrg((context, org) -> List.of(
                                once(nodes, "first"),
                                JobPiece.repeatable(scope -> {
                                    if (crashes.getAndIncrement() == 0) {
                                        throw new OutOfMemoryError("simulated crash");
                                    }
                                    return 0;
                                }),
                                once(nodes, "second"))
                        .iterator());
        SmartData node = node(job);
        nodes.add(node);
        createOrgs(node, "acme");
        assertThatThrownBy(() -> node.jobs().runDue()).isInstanceOf(OutOfMemoryError.class);
        assertThat(eventNames(node, "acme")).containsExactlyInAnyOrder("created", "first");
        SmartData other = node(job);
        List<JobRun> taken = other.jobs().runDue();
        for (Instant end = Instant.now().plusSeconds(60);
                taken.isEmpty() && Instant.now().isBefore(end); ) {
            taken = other.jobs().runDue();
        }
        assertThat(taken).singleElement().satisfies(run -> {
            assertThat(run.attempt()).isEqualTo(2);
            assertThat(run.status()).isEqualTo(JobRun.Status.DONE);
        });
        assertThat(eventNames(node, "acme")).containsExactlyInAnyOrder("created", "first", "second");
    }

    /** Brings in an event, under the fence. */
    private static JobPiece once(List<SmartData> nodes, String name) {
        return JobPiece.once(
                name,
                scope -> nodes.get(0)
                        .ingest(scope)
                        .events(List.of(event(name, Instant.parse("2026-01-02T00:00:00Z"))))
                        .accepted());
    }

    @Test
    void theJobsOfTheLibraryKeepTheStoreInShape() {
        SmartData node = nodeWithLibraryJobs();
        OrgScope acme = org(node, "acme");
        Instant midday = LocalDate.now(ZoneOffset.UTC).atTime(12, 0).toInstant(ZoneOffset.UTC);
        for (int day = 1; day <= 60; day++) {
            node.ingest(acme).events(List.of(event("visit", midday.minus(Duration.ofDays(day)))));
        }
        assertThat(node.jobs().list())
                .extracting(JobStatus::name)
                .containsExactly(
                        "storage-upkeep",
                        "kpi-verification",
                        "anomalies",
                        "forecasts",
                        "reestimation",
                        "exports",
                        "compaction");
        assertThat(node.jobs().run("compaction").processed()).isPositive();
        assertThat(node.kpis(acme).compact()).as("left to compact").isZero();
        for (String job : List.of("storage-upkeep", "kpi-verification", "anomalies", "forecasts", "reestimation")) {
            assertThat(node.jobs().run(job).status()).as(job).isEqualTo(JobRun.Status.DONE);
        }
        assertThat(node.forecasts(acme).latest("visit.count"))
                .get()
                .satisfies(forecast -> assertThat(forecast.points()).hasSize(28));
    }

    @Test
    void theNightlyForecastsRunModelsThatTheWeeklyEstimationLearns() {
        SmartData node = nodeWithLibraryJobs();
        OrgScope acme = org(node, "acme");
        Instant midday = LocalDate.now(ZoneOffset.UTC).atTime(12, 0).toInstant(ZoneOffset.UTC);
        for (int day = 1; day <= 60; day++) {
            node.ingest(acme).events(List.of(event("visit", midday.minus(Duration.ofDays(day)))));
        }
        int kpis = node.kpis(acme).names().size();
        assertThat(node.jobs().run("forecasts").processed()).as("learnt").isEqualTo(kpis);
        Instant learnt = learntAt(node, acme);
        assertThat(node.forecasts(acme).updatable()).hasSize(kpis);
        assertThat(node.jobs().run("forecasts").processed()).as("run").isEqualTo(kpis);
        assertThat(learntAt(node, acme)).isEqualTo(learnt);
        assertThat(node.jobs().run("reestimation").processed())
                .as("learnt anew")
                .isEqualTo(kpis);
        assertThat(learntAt(node, acme)).isAfter(learnt);
    }

    private static Instant learntAt(SmartData node, OrgScope scope) {
        return node.forecasts(scope).latest("visit.count").orElseThrow().learntAt();
    }

    @Test
    void aNightlyVerificationThatFindsDifferencesFails() {
        SmartData node = nodeWithLibraryJobs();
        OrgScope acme = org(node, "acme");
        node.ingest(acme).events(List.of(event("visit", Instant.now())));
        requireNonNull(storage).kpis().rebuild(acme, rebuild -> {
            rebuild.replace(CellRange.all(), List.of());
            return true;
        });
        JobRun run = node.jobs().run("kpi-verification");
        assertThat(run.status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(run.errorCode()).isEqualTo("kpis_differ");
        assertThat(run.errorMessage()).doesNotContain("acme");
    }
}
