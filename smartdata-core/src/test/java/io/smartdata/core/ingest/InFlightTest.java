package io.smartdata.core.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    /** Batches and pieces of 1000 bytes. */
    private static final IngestSettings SETTINGS = new IngestSettings(100, 1000, 100, 1000, 5000, 10, 1000);

    private static final long LARGEST = InFlight.largestCall(SETTINGS);

    /** Two of the largest calls for an org, three for the node. */
    private static final InFlightLimits LIMITS = new InFlightLimits(3 * LARGEST, 2 * LARGEST);

    private final HeldStorage storage = new HeldStorage();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final SmartData smartData =
            builder().meters(Meters.of(registry)).inFlightLimits(LIMITS).build();
    private final OrgScope acme = org("acme");

    @AfterEach
    void close() {
        threads.shutdownNow();
        smartData.close();
    }

    private SmartData.Builder builder() {
        return SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .ingestSettings(SETTINGS);
    }

    private OrgScope org(String name) {
        return smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of(name),
                        Permission.INGEST,
                        Permission.OPERATE,
                        Permission.EXPORT,
                        Permission.VIEW_SENSITIVE);
    }

    private static String line(String id) {
        return "{\"id\":\"%s\",\"name\":\"n\",\"time\":\"%s\"}\n".formatted(id, TIME);
    }

    private static String lines(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> line(prefix + i)).collect(Collectors.joining());
    }

    private static Input text(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static IngestOptions lenient() {
        return IngestOptions.lenient(ReadOptions.defaults("shop"));
    }

    private static IngestOptions strict() {
        return IngestOptions.strict(ReadOptions.defaults("shop"));
    }

    private static Event event(String id) {
        return Event.named("n", TIME).id(id).build();
    }

    private double inFlight() {
        return registry.get("smartdata.ingest.inflight").gauge().value();
    }

    private double throttled(String limit) {
        return registry.get("smartdata.ingest.throttled")
                .tag("limit", limit)
                .counter()
                .count();
    }

    private long stored(OrgScope scope) {
        return smartData.exports(scope).events(EventRange.all(), ExportFormat.NDJSON, new StringWriter());
    }

    private void assertThrottled(Callable<?> call) {
        assertThat(catchThrowable(call::call)).isInstanceOfSatisfying(ThrottledException.class, e -> {
            assertThat(e.code()).isEqualTo("throttled");
            assertThat(e).hasMessageContaining("Nothing was stored. Send it again in ");
            assertThat(e.retryAfter()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(45));
        });
    }

    /** Calls that have taken their memory and wait in the storage. */
    private final class Held {
        private final CountDownLatch leave = new CountDownLatch(1);
        private final List<Future<IngestReceipt>> calls = new ArrayList<>();

        Held(OrgScope... scopes) throws InterruptedException {
            Semaphore inside = new Semaphore(0);
            storage.beforeAppend(() -> {
                inside.release();
                await(leave);
            });
            for (OrgScope scope : scopes) {
                String id = "held-" + calls.size();
                calls.add(threads.submit(() -> smartData.ingest(scope).input(text(line(id)), lenient())));
            }
            assertThat(inside.tryAcquire(scopes.length, 30, TimeUnit.SECONDS)).isTrue();
            storage.beforeAppend(() -> {});
        }

        void release() throws Exception {
            leave.countDown();
            for (Future<IngestReceipt> call : calls) {
                assertThat(call.get(30, TimeUnit.SECONDS).accepted()).isEqualTo(1);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallWithoutRoomIsThrottledAndStoresNothingUntilOthersHaveEnded() throws Exception {
        Held held = new Held(acme, acme);
        List<Input> opened = new ArrayList<>();
        Input unread = () -> {
            opened.add(text(""));
            return new ByteArrayInputStream(line("late").getBytes(UTF_8));
        };
        assertThrottled(() -> smartData.ingest(acme).input(unread, lenient().withIdempotencyKey("key")));
        assertThat(opened).as("a throttled input is not even opened").isEmpty();
        assertThat(inFlight()).isEqualTo(2 * LARGEST);
        held.release();
        assertThat(stored(acme)).isEqualTo(2);
        assertThat(inFlight()).isZero();
        assertThat(smartData
                        .ingest(acme)
                        .input(unread, lenient().withIdempotencyKey("key"))
                        .accepted())
                .as("the idempotency key was not used up")
                .isEqualTo(1);
    }

    @Test
    void aThrottledCallDoesNotCreateItsOrg() throws Exception {
        Held held = new Held(acme, acme, org("globex"));
        OrgScope initech = org("initech");
        assertThrottled(() -> smartData.ingest(initech).input(text(line("a")), lenient()));
        held.release();
        assertThatThrownBy(() -> stored(initech))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }

    @Test
    void aBusyOrgIsThrottledFirstAndLeavesRoomForTheOthers() throws Exception {
        Held busy = new Held(acme, acme);
        assertThrottled(() -> smartData.ingest(acme).events(List.of(event("a"))));
        assertThat(throttled("org")).isEqualTo(1);
        Held other = new Held(org("globex"));
        assertThrottled(() -> smartData.ingest(org("initech")).events(List.of(event("a"))));
        assertThat(throttled("node")).isEqualTo(1);
        busy.release();
        other.release();
        assertThat(inFlight()).isZero();
    }

    @Test
    void everyKindOfCallCounts() throws Exception {
        smartData.ingest(acme).input(text(line("good") + "{\"id\":\"bad\"}\n"), lenient());
        DeadLetter letter =
                smartData.deadLetters(acme).list(DeadLetterQuery.open(1)).get(0);
        byte[] body = line("b").getBytes(UTF_8);
        Held held = new Held(acme, acme);
        List<Callable<?>> calls = List.of(
                () -> smartData.ingest(acme).events(List.of(event("a"))),
                () -> smartData.ingest(acme).batch(body, lenient()),
                () -> smartData.ingest(acme).batch(gzip(body), lenient()),
                () -> smartData.ingest(acme).input(text(line("c")), strict()),
                () -> smartData.ingest(acme).input(text(line("c")), strict().withMode(Mode.VALIDATED)),
                () -> smartData.ingest(acme).input(text(line("d")), strict().withDryRun(true)),
                () -> smartData.deadLetters(acme).replay(letter.id(), body),
                () -> smartData.within(new HostTransaction() {}).ingest(acme).events(List.of(event("e"))));
        for (Callable<?> call : calls) {
            assertThrottled(call);
        }
        held.release();
        assertThat(smartData.deadLetters(acme).get(letter.id()).attempts())
                .as("a throttled replay is no attempt")
                .isEqualTo(letter.attempts());
        for (Callable<?> call : calls) {
            call.call();
            assertThat(inFlight()).isZero();
        }
    }

    @Test
    void aCallTakesWhatItHoldsAtOnce() throws Exception {
        Queue<Long> seen = new ConcurrentLinkedQueue<>();
        storage.beforeAppend(() -> seen.add((long) inFlight()));
        byte[] body = lines("b", 5).getBytes(UTF_8);
        smartData.ingest(acme).batch(body, lenient());
        smartData.ingest(acme).batch(gzip(body), lenient());
        smartData.ingest(acme).events(List.of(event("e")));
        Event large = Event.named("n", TIME)
                .id("f")
                .properties(Map.of("text", "x".repeat(5000)))
                .build();
        smartData.ingest(acme).events(List.of(large));
        assertThat(seen)
                .containsExactly(
                        (long) body.length * InFlight.MEMORY_PER_BYTE,
                        LARGEST,
                        202L * InFlight.MEMORY_PER_BYTE,
                        LARGEST);
    }

    @Test
    void aStreamTakesThatOfOnePieceHoweverLongItIs() {
        List<Double> seen = new ArrayList<>();
        storage.beforeAppend(() -> seen.add(inFlight()));
        String text = lines("s", 1000);
        smartData.ingest(acme).input(text(text), lenient());
        assertThat(seen).hasSizeGreaterThan(text.length() / 2000).containsOnly((double) LARGEST);
    }

    @Test
    void whatFailsOrIsRefusedGivesItsPartBack() {
        storage.beforeAppend(() -> {
            throw new StoreUnavailableException("away", Duration.ofSeconds(1), null);
        });
        Error stop = new StackOverflowError();
        Input failing = () -> {
            throw stop;
        };
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> smartData.ingest(acme).events(List.of(event("a"))))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> smartData.ingest(acme).input(failing, lenient()))
                    .isSameAs(stop);
            assertThatThrownBy(() -> smartData.ingest(acme).input(text("bad\n" + line("a")), strict()))
                    .isInstanceOf(SmartDataException.class);
            assertThatThrownBy(() -> smartData.ingest(acme).batch(new byte[1001], lenient()))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("batch_too_large"));
            assertThat(inFlight()).isZero();
        }
    }

    @Test
    void onTheSmallestHeapACallOfTheLargestSizeHasTheNodeToItself() {
        IngestSettings defaults = IngestSettings.defaults();
        InFlightLimits small = InFlightLimits.ofHeap(128 << 20, defaults);
        long largest = InFlight.largestCall(defaults);
        assertThat(small).isEqualTo(new InFlightLimits(largest, largest));
        InFlight inFlight = new InFlight(small, defaults, Meters.none());
        OrgId org = OrgId.of("acme");
        for (long bytes : List.of(0L, 1L, (long) defaults.maxBatchBytes(), Long.MAX_VALUE)) {
            assertThat(inFlight.<String>run(org, bytes, () -> "ran")).isEqualTo("ran");
        }
        assertThatThrownBy(() -> inFlight.run(
                        org,
                        defaults.maxBatchBytes(),
                        () -> inFlight.<String>run(OrgId.of("globex"), 1, () -> "too much")))
                .isInstanceOf(ThrottledException.class);
        assertThat(InFlightLimits.ofHeap(16L << 30, defaults)).isEqualTo(new InFlightLimits(4L << 30, 1L << 30));
    }

    @Test
    void limitsThatNoLargeCallWouldFitAreRefusedWhenBuilding() {
        HeldStorage other = new HeldStorage();
        SmartData.Builder builder =
                builder().storage(other).inFlightLimits(new InFlightLimits(3 * LARGEST, LARGEST - 1));
        assertThatThrownBy(builder::build).isInstanceOfSatisfying(SmartDataException.class, e -> {
            assertThat(e.code()).isEqualTo("invalid_settings");
            assertThat(e).hasMessageContaining("InFlightLimits.orgBytes").hasMessageContaining("maxBatchBytes");
        });
        assertThat(other.closed()).isTrue();
    }

    @Test
    void manyThreadsNeverHaveMoreInFlightThanTheLimitsAndLeaveNothingBehind() throws Exception {
        long seed = 20_261_121;
        Queue<Double> seen = new ConcurrentLinkedQueue<>();
        storage.beforeAppend(() -> {
            seen.add(inFlight());
            Thread.yield();
        });
        List<OrgScope> orgs = List.of(acme, org("globex"), org("initech"));
        List<Future<long[]>> workers = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            String prefix = "w" + worker + "-";
            Random random = new Random(seed + worker);
            workers.add(threads.submit(() -> {
                long[] accepted = new long[2];
                for (int i = 0; i < 100; i++) {
                    int count = 1 + random.nextInt(15);
                    byte[] body = lines(prefix + i + "-", count).getBytes(UTF_8);
                    try {
                        Ingest ingest = smartData.ingest(orgs.get(random.nextInt(orgs.size())));
                        accepted[0] += ingest.batch(body, lenient()).accepted();
                    } catch (ThrottledException e) {
                        accepted[1]++;
                    }
                }
                return accepted;
            }));
        }
        long accepted = 0;
        long refused = 0;
        for (Future<long[]> worker : workers) {
            long[] counts = worker.get(60, TimeUnit.SECONDS);
            accepted += counts[0];
            refused += counts[1];
        }
        assertThat(orgs.stream().mapToLong(this::stored).sum())
                .as("seed %d", seed)
                .isEqualTo(accepted);
        assertThat(seen).as("seed %d", seed).allMatch(bytes -> bytes <= LIMITS.nodeBytes());
        assertThat(throttled("org") + throttled("node")).as("seed %d", seed).isEqualTo(refused);
        assertThat(inFlight()).as("seed %d", seed).isZero();
        new Held(acme, acme, org("globex")).release();
    }
}
