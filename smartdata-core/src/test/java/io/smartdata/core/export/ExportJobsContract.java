package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.storage.ExportJob.Status;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.SystemScope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An export asked for now and fetched later is the export, or it is none. Needs JUnit and AssertJ. */
public abstract class ExportJobsContract {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    /** With what a random text does not compress, more than two chunks. */
    private static final int EVENTS = 3000;

    private @Nullable Storage storage;
    private @Nullable SmartData opened;
    private boolean exportGranted = true;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storage = newStorage();
        AccessPolicy policy = (caller, org, permission) -> permission != Permission.EXPORT || exportGranted;
        opened = SmartData.builder().storage(storage).accessPolicy(policy).build();
    }

    @AfterEach
    final void close() {
        smartData().close();
    }

    private SmartData smartData() {
        return requireNonNull(opened);
    }

    /** Acts for the storage as the one that the facade opened it for. */
    private ExportRunner runner() {
        return new ExportRunner(requireNonNull(storage), SystemScope.mint());
    }

    private Exports exports(String caller, String org) {
        OrgScope scope = smartData().access().scope(Caller.of(caller), OrgId.of(org), Permission.EXPORT);
        return smartData().exports(scope);
    }

    private void ingest(String org, int events) {
        Random random = new Random(20_261_121);
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            byte[] noise = new byte[500];
            random.nextBytes(noise);
            all.add(Event.named("sale", TIME)
                    .id("e" + i)
                    .source("shop")
                    .properties(Map.of("note", Base64.getEncoder().encodeToString(noise)))
                    .build());
        }
        OrgScope scope = smartData().access().scope(Caller.of("feed"), OrgId.of(org), Permission.INGEST);
        smartData().ingest(scope).events(all);
    }

    private static String code(ThrowingCallable call) {
        return requireNonNull(catchThrowableOfType(SmartDataException.class, call))
                .code();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsFetchedIsWhatStreamsByteForByte(ExportFormat format) throws IOException {
        ingest("acme", EVENTS);
        StringWriter streamed = new StringWriter();
        exports("ann", "acme").events(EventRange.all(), format, streamed);
        UUID plain =
                exports("ann", "acme").request(EventRange.all(), format, false).id();
        UUID zipped =
                exports("ann", "acme").request(EventRange.all(), format, true).id();
        assertThat(runner().runNext()).isTrue();
        assertThat(runner().runNext()).isTrue();
        assertThat(runner().runNext()).isFalse();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportJob job = exports("ann", "acme").fetch(plain, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(streamed.toString());
        assertThat(requireNonNull(job.result()).rows()).isEqualTo(EVENTS);
        assertThat(job.result().bytes()).isEqualTo(out.size()).isGreaterThan(2 << 20);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        exports("ann", "acme").fetch(zipped, compressed);
        assertThat(compressed.size()).isLessThan(out.size());
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.toByteArray()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(streamed.toString());
        }
    }

    @Test
    void anExportIsItsCallersOnlyAndOnlyWhileThePermissionHolds() {
        ingest("acme", 3);
        ingest("globex", 3);
        UUID id = exports("ann", "acme")
                .request(EventRange.all(), ExportFormat.CSV, false)
                .id();
        runner().runNext();
        String unknown = message(exports("ann", "acme"), new UUID(1, 2)).replace(new UUID(1, 2).toString(), "ID");
        for (Exports other : List.of(exports("bob", "acme"), exports("ann", "globex"))) {
            assertThat(message(other, id).replace(id.toString(), "ID")).isEqualTo(unknown);
            assertThat(code(() -> other.discard(id))).isEqualTo("unknown_export");
            assertThat(other.requested()).isEmpty();
        }
        assertThat(exports("ann", "acme").requested()).extracting(ExportJob::id).containsExactly(id);
        exportGranted = false;
        assertThat(code(() -> exports("ann", "acme"))).isEqualTo("not_permitted");
    }

    private static String message(Exports exports, UUID id) {
        SmartDataException e = catchThrowableOfType(
                SmartDataException.class, () -> exports.fetch(id, OutputStream.nullOutputStream()));
        return e.code() + " " + e.getMessage();
    }

    @Test
    void whatIsNotDoneCannotBeFetchedAndShowsNoByte() {
        ingest("acme", 3);
        Exports acme = exports("ann", "acme");
        UUID id = acme.request(EventRange.all(), ExportFormat.CSV, false).id();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(code(() -> acme.fetch(id, out))).isEqualTo("export_not_done");
        OrgScope system = SystemScope.mint().org(OrgId.of("acme"));
        ExportJob running =
                requireNonNull(storage).exports().take(system, 3, Duration.ZERO).orElseThrow();
        requireNonNull(storage).exports().append(system, running, 0, new byte[] {'x'}, Duration.ZERO);
        assertThat(code(() -> acme.fetch(id, out))).isEqualTo("export_not_done");
        assertThat(out.size()).isZero();
        assertThat(runner().runNext()).as("another node goes on").isTrue();
        acme.fetch(id, out);
        assertThat(acme.status(id).attempt()).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(4).noneMatch(line -> line.startsWith("x"));
    }

    @Test
    void anExportThatBreaksIsTriedAgainAndNeverWhole() {
        ingest("acme", 3);
        Exports acme = exports("ann", "acme");
        ExportJob asked = requireNonNull(storage)
                .exports()
                .request(
                        smartData().access().scope(Caller.of("ann"), OrgId.of("acme"), Permission.EXPORT),
                        new ExportJob.Request(EventRange.all(), "parquet", false),
                        10,
                        Duration.ofHours(1))
                .orElseThrow();
        assertThat(runner().runNext()).isTrue();
        assertThat(acme.status(asked.id()).status()).isEqualTo(Status.WAITING);
        assertThat(acme.status(asked.id()).errorCode()).isEqualTo("export_failed");
        assertThat(runner().runNext()).as("rests").isFalse();
        assertThat(code(() -> acme.fetch(asked.id(), OutputStream.nullOutputStream())))
                .isEqualTo("export_not_done");
    }

    @Test
    void bytesThatAreNotThoseThatWereStoredAreNotAnExport() {
        ingest("acme", 3);
        Exports acme = exports("ann", "acme");
        UUID id = acme.request(EventRange.all(), ExportFormat.CSV, false).id();
        OrgScope system = SystemScope.mint().org(OrgId.of("acme"));
        ExportJob taken = requireNonNull(storage)
                .exports()
                .take(system, 3, Duration.ofHours(1))
                .orElseThrow();
        requireNonNull(storage).exports().append(system, taken, 0, new byte[] {1, 2, 3}, Duration.ofHours(1));
        requireNonNull(storage)
                .exports()
                .complete(system, taken, new ExportJob.Result(3, 3, "0".repeat(64)), Duration.ofHours(1));
        assertThat(code(() -> acme.fetch(id, OutputStream.nullOutputStream()))).isEqualTo("export_broken");
    }

    @Test
    void aReceiverThatFailsMayFetchAgain() {
        ingest("acme", 3);
        Exports acme = exports("ann", "acme");
        UUID id = acme.request(EventRange.all(), ExportFormat.CSV, false).id();
        runner().runNext();
        assertThatThrownBy(() -> acme.fetch(id, new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left");
                    }
                }))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(acme.fetch(id, OutputStream.nullOutputStream()).status()).isEqualTo(Status.DONE);
    }

    @Test
    void anOrgWithoutDataHasNoExportsAndAnOrgHasTwentyAtMost() {
        assertThat(code(() -> exports("ann", "nobody").request(EventRange.all(), ExportFormat.CSV, false)))
                .isEqualTo("unknown_org");
        ingest("acme", 1);
        Exports acme = exports("ann", "acme");
        for (int i = 0; i < 20; i++) {
            acme.request(EventRange.all(), ExportFormat.CSV, false);
        }
        assertThat(code(() -> acme.request(EventRange.all(), ExportFormat.CSV, false)))
                .isEqualTo("too_many_exports");
        acme.discard(acme.requested().get(0).id());
        acme.request(EventRange.all(), ExportFormat.CSV, false);
    }
}
