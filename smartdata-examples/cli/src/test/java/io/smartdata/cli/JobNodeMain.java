package io.smartdata.cli;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.core.jobs.JobSettings;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.OrgScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A node in a process of its own. It has one job with one effect a slot: an event with an id of its own, so that a second
 * effect would be seen. It says on standard output when it is about to write, and what became of it.
 */
final class JobNodeMain {
    static final String JOB = "frozen";
    static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Long enough for the test to stop the process in between, shorter than a lease. */
    private static final long MILLIS_BEFORE_WRITE = 700;

    private JobNodeMain() {}

    /**
     * @param arguments URL of the database
     */
    public static void main(String[] arguments) throws InterruptedException {
        List<SmartData> node = new ArrayList<>();
        node.add(open(arguments[0], node));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> node.get(0).close()));
        node.get(0).start();
        new CountDownLatch(1).await();
    }

    static SmartData open(String url, List<SmartData> node) {
        return SmartData.builder()
                .storage(JdbcStorage.open(url))
                .accessPolicy(AccessPolicy.singleOperator())
                .jobSettings(JobSettings.defaults()
                        .withLease(LEASE)
                        .withPoll(Duration.ofMillis(100))
                        .withThreads(1, 1))
                .withoutLibraryJobs()
                .job(Job.named(JOB)
                        .every(INTERVAL)
                        .perOrg((context, org) -> List.of(
                                        JobPiece.once("effect", scope -> effect(node.get(0), context.slot(), scope)))
                                .iterator()))
                .build();
    }

    private static long effect(SmartData node, Instant slot, OrgScope scope) {
        say("holding", slot);
        try {
            TimeUnit.MILLISECONDS.sleep(MILLIS_BEFORE_WRITE);
            Event event = Event.named("effect", slot)
                    .id(EventId.of(UUID.randomUUID().toString()))
                    .source("job")
                    .build();
            long accepted = node.ingest(scope).events(List.of(event)).accepted();
            say("done", slot);
            return accepted;
        } catch (SmartDataException e) {
            say(e.code(), slot);
            throw e;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void say(String what, Instant slot) {
        System.out.println(what + " " + slot);
        System.out.flush();
    }
}
