package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Start, close, and the threads between. */
@Timeout(60)
class JobLifecycleTest {
    private static final JobSettings QUICK =
            JobSettings.defaults().withPoll(Duration.ofMillis(10)).withThreads(1, 2);

    private final Storage storage = new InMemoryStorage();

    private SmartData.Builder builder(Job... jobs) {
        SmartData.Builder builder = SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .jobSettings(QUICK)
                .withoutLibraryJobs();
        List.of(jobs).forEach(builder::job);
        return builder;
    }

    private static List<Thread> jobThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("smartdata-jobs-"))
                .toList();
    }

    /** A terminated pool's thread may still be on its last steps. */
    private static List<Thread> jobThreadsThatStay() {
        jobThreads().forEach(thread -> {
            try {
                thread.join(5000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return jobThreads();
    }

    private static Job signalling(CountDownLatch ran) {
        return Job.named("signalling").every(Duration.ofSeconds(1)).system(context -> {
            ran.countDown();
            return 1;
        });
    }

    @Test
    void thereAreThreadsBetweenStartAndCloseOnly() {
        CountDownLatch ran = new CountDownLatch(1);
        SmartData smartData = builder(signalling(ran)).build();
        smartData.jobs().runDue();
        assertThat(jobThreads()).as("before start").isEmpty();
        smartData.start();
        JobsContract.await(ran);
        assertThat(jobThreads())
                .isNotEmpty()
                .allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getName().matches("smartdata-jobs-\\d+"));
        smartData.close();
        assertThat(jobThreadsThatStay()).as("after close").isEmpty();
    }

    @Test
    void aSecondStartChangesNothingAndAClosedOneStaysClosed() {
        CountDownLatch ran = new CountDownLatch(2);
        SmartData smartData = builder(signalling(ran)).build();
        smartData.start();
        smartData.start();
        JobsContract.await(ran);
        assertThat(jobThreads()).as("one looks, one works").hasSizeLessThanOrEqualTo(3);
        smartData.close();
        smartData.close();
        assertThatThrownBy(smartData::start).isInstanceOf(IllegalStateException.class);
        assertThat(jobThreadsThatStay()).isEmpty();
    }

    /** A job that nobody but its caller runs, and that waits to be let go on. */
    private static Job waiting(CountDownLatch letGo, Queue<String> threads) {
        return Job.named("waiting")
                .cron("0 0 29 2 *", ZoneOffset.UTC)
                .misfire(Misfire.SKIP)
                .system(context -> {
                    threads.add(Thread.currentThread().getName());
                    JobsContract.await(letGo);
                    return 7;
                });
    }

    private static JobRun ended(SmartData smartData, JobRun begun) {
        Instant deadline = Instant.now().plusSeconds(30);
        while (true) {
            JobRun run = smartData.jobs().history(begun.job(), 1).get(0);
            assertThat(run.slot()).isEqualTo(begun.slot());
            if (run.status() != JobRun.Status.RUNNING) {
                return run;
            }
            assertThat(Instant.now()).as("the run has ended").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aJobBegunByHandDoesNotKeepItsCaller() {
        CountDownLatch letGo = new CountDownLatch(1);
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        try (SmartData smartData = builder(waiting(letGo, threads)).build()) {
            smartData.start();
            JobRun begun = smartData.jobs().begin("waiting");
            assertThat(begun.status()).isEqualTo(JobRun.Status.RUNNING);
            assertThatThrownBy(() -> smartData.jobs().begin("waiting"))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("job_running"));
            letGo.countDown();
            JobRun ended = ended(smartData, begun);
            assertThat(ended.status()).isEqualTo(JobRun.Status.DONE);
            assertThat(ended.processed()).isEqualTo(7);
            assertThat(threads).allMatch(thread -> thread.startsWith("smartdata-jobs-"));
        }
    }

    @Test
    void aJobBegunByHandOnANodeWithoutThreadsIsDoneByItsCaller() {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        try (SmartData smartData =
                builder(waiting(new CountDownLatch(0), threads)).build()) {
            JobRun begun = smartData.jobs().begin("waiting");
            assertThat(ended(smartData, begun).status()).isEqualTo(JobRun.Status.DONE);
            assertThat(threads).containsExactly(Thread.currentThread().getName());
            assertThat(jobThreads()).isEmpty();
        }
    }

    @Test
    void withoutJobsStartStartsNothing() {
        try (SmartData smartData = builder().build()) {
            smartData.start();
            assertThat(jobThreads()).isEmpty();
        }
    }

    @Test
    void theHostsExecutorsDoTheWorkAndStayOpen() {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        CountDownLatch ran = new CountDownLatch(1);
        Job job = Job.named("where").every(Duration.ofSeconds(1)).system(context -> {
            threads.add(Thread.currentThread().getName());
            ran.countDown();
            return 1;
        });
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> new Thread(work, "host-1"));
        try {
            SmartData smartData =
                    builder(job).scheduler(scheduler).executor(executor).build();
            smartData.start();
            JobsContract.await(ran);
            assertThat(jobThreads()).isEmpty();
            smartData.close();
            assertThat(threads).containsOnly("host-1");
            assertThat(scheduler.isShutdown()).isFalse();
            assertThat(executor.isShutdown()).isFalse();
        } finally {
            scheduler.shutdownNow();
            executor.shutdownNow();
        }
    }

    @Test
    void closeWaitsForThePieceThatIsBeingDoneAndLeavesTheRestToAnotherNode() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        Job job = Job.named("drained")
                .every(Duration.ofHours(1))
                .perOrg((context, org) -> List.of(
                                JobPiece.repeatable(scope -> {
                                    begun.countDown();
                                    JobsContract.await(goOn);
                                    done.add("first");
                                    return 1;
                                }),
                                JobPiece.repeatable(scope -> {
                                    done.add("second");
                                    return 1;
                                }))
                        .iterator());
        SmartData leaving = builder(job).build();
        createOrg(leaving);
        leaving.start();
        JobsContract.await(begun);
        Thread closing = new Thread(leaving::close);
        closing.start();
        closing.join(200);
        assertThat(closing.isAlive()).as("close waits").isTrue();
        goOn.countDown();
        closing.join();
        assertThat(done).containsExactly("first");
        SmartData staying = builder(job).build();
        assertThat(staying.jobs().runDue()).singleElement().satisfies(run -> {
            assertThat(run.attempt()).isEqualTo(2);
            assertThat(run.status()).isEqualTo(JobRun.Status.DONE);
        });
        assertThat(done).containsExactly("first", "first", "second");
    }

    @Test
    void whatIsNotDoneInTimeIsRefusedAfterClose() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        AtomicReference<String> outcome = new AtomicReference<>("");
        List<SmartData> node = new ArrayList<>();
        Job job = Job.named("late")
                .every(Duration.ofHours(1))
                .perOrg((context, org) -> List.of(JobPiece.once("effect", scope -> {
                            begun.countDown();
                            JobsContract.await(goOn);
                            try {
                                return ingest(node.get(0), scope);
                            } catch (SmartDataException e) {
                                outcome.set(e.code());
                                throw e;
                            } finally {
                                tried.countDown();
                            }
                        }))
                        .iterator());
        node.add(
                builder(job).jobSettings(QUICK.withDrain(Duration.ofMillis(50))).build());
        createOrg(node.get(0));
        node.get(0).start();
        JobsContract.await(begun);
        node.get(0).close();
        goOn.countDown();
        JobsContract.await(tried);
        assertThat(outcome).hasValue("fenced_off");
        List<String> events = new ArrayList<>();
        storage.events()
                .scan(
                        acme(node.get(0)),
                        EventRange.all(),
                        stored -> events.add(stored.event().name()));
        assertThat(events).containsExactly("created");
        while (!jobThreads().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(node.get(0).jobs().history("late", 1))
                .as("left to another node")
                .singleElement()
                .extracting(JobRun::status)
                .isEqualTo(JobRun.Status.RUNNING);
    }

    @Test
    void aSlotOfTwoStartedNodesRunsOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(3);
        Job job = Job.named("shared").every(Duration.ofSeconds(1)).system(context -> {
            runs.incrementAndGet();
            ran.countDown();
            return 1;
        });
        SmartData first = builder(job).build();
        SmartData second = builder(job).build();
        first.start();
        second.start();
        JobsContract.await(ran);
        first.close();
        second.close();
        assertThat(first.jobs().history("shared", 100)).hasSize(runs.get()).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(JobRun.Status.DONE);
            assertThat(run.attempt()).isEqualTo(1);
        });
    }

    @Test
    void aJobThatFallsBehindGetsMoreThreads() {
        CountDownLatch together = new CountDownLatch(2);
        Job job = Job.named("behind")
                .every(Duration.ofHours(1))
                .lag(() -> Duration.ofMinutes(5))
                .perOrg((context, org) -> List.of(JobPiece.repeatable(scope -> {
                            together.countDown();
                            JobsContract.await(together);
                            return 1;
                        }))
                        .iterator());
        try (SmartData smartData = builder(job).build()) {
            createOrg(smartData);
            ingest(smartData, scope(smartData, "globex"));
            smartData.start();
            JobsContract.await(together);
        }
    }

    @Test
    void aJobWithoutLagHasOneThreadAndJobsRunBesideEachOther() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Job one = meeting("one", both);
        Job two = meeting("two", both);
        try (SmartData smartData = builder(one, two).build()) {
            smartData.start();
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Job meeting(String name, CountDownLatch both) {
        return Job.named(name).every(Duration.ofHours(1)).system(context -> {
            both.countDown();
            JobsContract.await(both);
            return 1;
        });
    }

    @Test
    void twoJobsOfOneNameAreRefused() {
        Job job = Job.named("twin").every(Duration.ofHours(1)).system(context -> 1);
        assertThatThrownBy(() -> builder(job, job).build()).hasMessageContaining("same name");
    }

    private void createOrg(SmartData node) {
        ingest(node, acme(node));
    }

    private static OrgScope acme(SmartData node) {
        return scope(node, "acme");
    }

    private static OrgScope scope(SmartData node, String org) {
        return node.access().scope(Caller.of("test"), OrgId.of(org), Permission.INGEST, Permission.EXPORT);
    }

    private static long ingest(SmartData node, OrgScope scope) {
        Event event = Event.named("created", Instant.parse("2026-01-01T00:00:00Z"))
                .id(EventId.of(UUID.randomUUID().toString()))
                .source("test")
                .build();
        return node.ingest(scope).events(List.of(event)).accepted();
    }
}
