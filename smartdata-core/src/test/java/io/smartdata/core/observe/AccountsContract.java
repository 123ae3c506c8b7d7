package io.smartdata.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Accepted, duplicate, conflict and rejected add up to received over everything that ever came in, and the meters say what
 * the receipts said. Needs JUnit and AssertJ.
 */
public abstract class AccountsContract {
    private static final int CALLS = 150;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Outcome, Long> receipts = new EnumMap<>(Outcome.class);
    private long received;
    private long refused;
    private long partly;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @Test
    void metersAreTheSumOfAllReceiptsAndAcceptedIsWhatIsStored() throws Exception {
        long seed = 20_261_121;
        Random random = new Random(seed);
        try (SmartData smartData = SmartData.builder()
                .storage(newStorage())
                .accessPolicy(AccessPolicy.singleOperator())
                .ingestSettings(new IngestSettings(5, 1 << 20, 1000, 1 << 20, 1000, 10, 1000))
                .meters(Meters.of(registry))
                .build()) {
            List<OrgScope> orgs = List.of(org(smartData, "acme"), org(smartData, "globex"));
            for (int call = 0; call < CALLS; call++) {
                ingest(smartData, orgs.get(random.nextInt(2)), random, call);
            }
            for (OrgScope org : orgs) {
                replay(smartData, org);
            }
            assertThat(receipts.values().stream().mapToLong(Long::longValue).sum())
                    .as("seed %d", seed)
                    .isEqualTo(received);
            assertThat(receipts).as("seed %d", seed).containsOnlyKeys(Outcome.values());
            receipts.forEach((outcome, events) -> assertThat(metered(outcome))
                    .as("%s, seed %d", outcome, seed)
                    .isEqualTo(events));
            assertThat(stored(smartData, orgs)).as("seed %d", seed).isEqualTo(metered(Outcome.ACCEPTED));
            assertThat(refused).as("seed %d reaches refused calls", seed).isPositive();
            assertThat(partly).as("seed %d reaches calls that break off", seed).isPositive();
        }
    }

    private static OrgScope org(SmartData smartData, String name) {
        return smartData
                .access()
                .scope(
                        Caller.of("test"),
                        OrgId.of(name),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.VIEW_SENSITIVE,
                        Permission.EXPORT);
    }

    /** Few ids and fewer values, so that events meet themselves and others of their id; every sixth is broken. */
    private static String lines(Random random) {
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            lines.append(
                    random.nextInt(6) == 0
                            ? "{\"id\":\"x\",\"name\":\"sale\",\"time\":\"never\"}\n"
                            : "{\"id\":\"e%d\",\"name\":\"sale\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":%d}\n"
                                    .formatted(random.nextInt(400), random.nextInt(10) / 9));
        }
        return lines.toString();
    }

    private void ingest(SmartData smartData, OrgScope org, Random random, int call) {
        byte[] body = lines(random).getBytes(StandardCharsets.UTF_8);
        IngestOptions lenient = IngestOptions.lenient(ReadOptions.defaults("shop"));
        switch (random.nextInt(6)) {
            case 0 -> count(smartData.ingest(org).batch(body, lenient));
            case 1 -> {
                IngestOptions keyed = lenient.withIdempotencyKey("call-" + call);
                IngestReceipt first = smartData.ingest(org).batch(body, keyed);
                count(first);
                assertThat(smartData.ingest(org).batch(body, keyed).id()).isEqualTo(first.id());
            }
            case 2 -> smartData.ingest(org).batch(body, lenient.withDryRun(true));
            case 3 -> refusable(smartData, org, () -> new ByteArrayInputStream(body), lenient.withMode(Mode.STRICT));
            case 4 -> refusable(smartData, org, () -> new ByteArrayInputStream(body), lenient.withMode(Mode.VALIDATED));
            default -> {
                byte[] broken = breakingOff(random);
                refusable(smartData, org, () -> new ByteArrayInputStream(broken), lenient);
            }
        }
    }

    /** A quote that nobody closes makes the end of the file unreadable, after pieces of it were stored. */
    private static byte[] breakingOff(Random random) {
        StringBuilder csv = new StringBuilder("id,name,time,value\n");
        for (int i = 0; i < 12; i++) {
            csv.append("e%d,sale,2026-03-01T10:00:00Z,0\n".formatted(random.nextInt(400)));
        }
        return csv.append("e1,\"sale\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void refusable(SmartData smartData, OrgScope org, Input input, IngestOptions options) {
        try {
            count(smartData.ingest(org).input(input, options));
        } catch (PartlyStoredException e) {
            partly++;
            count(e.receipt());
        } catch (SmartDataException e) {
            refused++;
        }
    }

    private void replay(SmartData smartData, OrgScope org) {
        for (DeadLetter letter : smartData.deadLetters(org).list(DeadLetterQuery.open(1000))) {
            count(smartData.deadLetters(org).replay(letter.id()));
        }
    }

    private void count(ReplayReport replayed) {
        long conflicts = replayed.failedByCode().getOrDefault(RejectionCode.ID_CONFLICT, 0L);
        received += replayed.tried();
        receipts.merge(Outcome.ACCEPTED, replayed.accepted(), Long::sum);
        receipts.merge(Outcome.DUPLICATE, replayed.duplicates(), Long::sum);
        receipts.merge(Outcome.CONFLICT, conflicts, Long::sum);
        receipts.merge(Outcome.REJECTED, replayed.failed() - conflicts, Long::sum);
    }

    private void count(IngestReceipt receipt) {
        received += receipt.received();
        receipts.merge(Outcome.ACCEPTED, receipt.accepted(), Long::sum);
        receipts.merge(Outcome.DUPLICATE, receipt.duplicates(), Long::sum);
        receipts.merge(Outcome.CONFLICT, receipt.conflicts(), Long::sum);
        receipts.merge(Outcome.REJECTED, receipt.rejected(), Long::sum);
    }

    private long metered(Outcome outcome) {
        return (long) registry.get("smartdata.ingest.events")
                .tag("outcome", outcome.code())
                .counter()
                .count();
    }

    private static long stored(SmartData smartData, List<OrgScope> orgs) {
        List<Long> each = new ArrayList<>();
        orgs.forEach(org ->
                each.add(smartData.exports(org).events(EventRange.all(), ExportFormat.NDJSON, new StringWriter())));
        return each.stream().mapToLong(Long::longValue).sum();
    }
}
