package io.smartdata.jdbc;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.smartdata.RetryLaterException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that sends batch after batch until it is killed. It repeats what it got no receipt for, and notes in a ledger of
 * its own, synced to the disk, what it got one for. One batch in five it has sent before, one in twenty with other content.
 */
final class CrashSender {
    static final int THREADS = 2;

    /** A line of the ledger that is no number: the sender got an answer it should not have got. */
    static final String WRONG = "wrong";

    private static final int LARGEST_BATCH = 400;
    private static final long FIRST_SECOND = 1_774_000_000L;
    private static final int SECONDS = 5 * 86_400;

    private final SmartData smartData;
    private final OrgScope scope;
    private final long seed;
    private final FileChannel ledger;

    private CrashSender(SmartData smartData, OrgScope scope, long seed, FileChannel ledger) {
        this.smartData = smartData;
        this.scope = scope;
        this.seed = seed;
        this.ledger = ledger;
    }

    /** Arguments: JDBC URL, org, seed, ledger. */
    public static void main(String[] arguments) throws IOException {
        SmartData smartData = open(arguments[0]);
        CrashSender sender = new CrashSender(
                smartData,
                scope(smartData, arguments[1]),
                Long.parseLong(arguments[2]),
                FileChannel.open(Path.of(arguments[3]), CREATE, APPEND));
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            new Thread(() -> sender.sendForever(first)).start();
        }
    }

    static SmartData open(String url) {
        return SmartData.builder()
                .storage(JdbcStorage.open(url))
                .kpis(KpiCatalog.of(Kpi.sum("sold").event("tick").dimension("shelf")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
    }

    static OrgScope scope(SmartData smartData, String org) {
        return smartData
                .access()
                .scope(Caller.of("sender"), OrgId.of(org), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
    }

    /** Always the same batch under the same number. */
    static List<Event> batch(long seed, int number, int value) {
        Random random = new Random(seed + number);
        int size = 1 + random.nextInt(LARGEST_BATCH);
        List<Event> events = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            events.add(Event.named("tick", Instant.ofEpochSecond(FIRST_SECOND + random.nextInt(SECONDS)))
                    .id(number + "/" + i)
                    .source("sender")
                    .session(Integer.toString(number))
                    .value(value)
                    .properties(java.util.Map.of("shelf", "s" + random.nextInt(20)))
                    .build());
        }
        return events;
    }

    private void sendForever(int first) {
        Random random = new Random(seed + first);
        for (int number = first; ; number += THREADS) {
            int chance = random.nextInt(20);
            if (chance < 5 && number > first) {
                int earlier = first + THREADS * random.nextInt((number - first) / THREADS);
                List<Event> batch = batch(seed, earlier, chance == 0 ? 2 : 1);
                IngestReceipt receipt = send(batch).receipt();
                check(chance == 0 ? receipt.conflicts() : receipt.duplicates(), batch.size(), earlier, receipt);
            }
            List<Event> batch = batch(seed, number, 1);
            Answer answer = send(batch);
            long stored = answer.receipt().accepted();
            check(
                    answer.uncertain() && stored == 0 ? answer.receipt().duplicates() : stored,
                    batch.size(),
                    number,
                    answer);
            note(Integer.toString(number));
        }
    }

    /** @param uncertain true if the batch may have been stored before it was sent again */
    private record Answer(IngestReceipt receipt, boolean uncertain) {}

    private Answer send(List<Event> batch) {
        boolean uncertain = false;
        while (true) {
            try {
                return new Answer(smartData.ingest(scope).events(batch), uncertain);
            } catch (UnknownOutcomeException e) {
                uncertain = true;
            } catch (RetryLaterException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private void check(long as, int size, int number, Object answer) {
        if (as != size) {
            note("%s answer to batch %d of %d: %s".formatted(WRONG, number, size, answer));
        }
    }

    private void note(String line) {
        try {
            ledger.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            ledger.force(true);
        } catch (IOException e) {
            throw new IllegalStateException("A sender without its ledger proves nothing", e);
        }
    }
}
