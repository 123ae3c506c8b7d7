package io.smartdata.spring.web.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.Progress;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads without a server. */
class UploadsTest {
    private static final UploadOwner ANN = new UploadOwner(OrgId.of("acme"), Caller.of("ann"));
    private static final UUID ID = new UUID(1, 1);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private Uploads uploads = uploads(folder);

    @BeforeEach
    void inTheFolder() {
        uploads = uploads(folder);
    }

    private Uploads uploads(Path in) {
        InstantSource source = now::get;
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return source.instant();
            }
        };
        return new Uploads(new UploadSettings(1_000, 2, Duration.ofMinutes(1), in), clock);
    }

    private static IngestReceipt receipt(UUID id) {
        return new IngestReceipt(
                id,
                "api",
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                new TreeMap<>(),
                List.of(),
                false,
                null,
                null,
                new TreeSet<>(),
                Map.of(),
                "client",
                "strict",
                false,
                false,
                Instant.EPOCH,
                Duration.ZERO);
    }

    private static InputStream sent(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static String read(Input input) {
        try (InputStream in = input.open()) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UploadStatus status() {
        return uploads.find(ANN, ID).orElseThrow();
    }

    private static void assertRefused(Runnable upload, String code) {
        assertThatThrownBy(upload::run)
                .asInstanceOf(type(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo(code);
    }

    private IngestReceipt run(Uploads.Sender sender, Uploads.Ingesting ingesting) {
        return uploads.run(ANN, ID, null, sender, ingesting);
    }

    @Test
    void whatWasSentIsReadAsOftenAsWanted() {
        run(() -> sent("events"), (input, progress) -> {
            assertThat(read(input)).isEqualTo("events").isEqualTo(read(input));
            progress.accept(new Progress("storing", 3, 6));
            assertThat(status().state()).isEqualTo(UploadStatus.State.INGESTING);
            assertThat(status().rows()).isEqualTo(3);
            return receipt(ID);
        });
        assertThat(status().state()).isEqualTo(UploadStatus.State.DONE);
        assertThat(status().receiptId()).isEqualTo(ID);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nobodyElseCanReadTheFileOrItHasNoName() {
        run(() -> sent("events"), (input, progress) -> {
            try (var files = Files.list(folder)) {
                assertThat(files)
                        .allSatisfy(file ->
                                assertThat(Files.getPosixFilePermissions(file)).hasSize(2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return receipt(ID);
        });
    }

    @Test
    void whatTakesTooLongIsNotWaitedFor() {
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                now.updateAndGet(time -> time.plusSeconds(20));
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                target[offset] = (byte) read();
                return 1;
            }
        };
        assertRefused(() -> run(() -> slow, (input, progress) -> receipt(ID)), "upload_timed_out");
        assertThat(status().receivedBytes()).isEqualTo(4);
        assertThat(status().state()).isEqualTo(UploadStatus.State.FAILED);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsLessThanDeclaredIsNotIngested() {
        assertRefused(
                () -> uploads.run(ANN, ID, 7L, () -> sent("events"), (input, progress) -> receipt(ID)),
                "unreadable_input");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aClientThatBreaksOffIsToldFromADiskThatDoes() {
        assertRefused(
                () -> run(
                        () -> {
                            throw new IOException("reset by peer");
                        },
                        (input, progress) -> receipt(ID)),
                "unreadable_input");
        uploads = uploads(folder.resolve("nowhere"));
        assertRefused(() -> run(() -> sent("events"), (input, progress) -> receipt(ID)), "upload_not_kept");
    }

    @Test
    void whatIsCancelledIsNotReadOn() {
        assertRefused(
                () -> run(() -> sent("events"), (input, progress) -> {
                    assertThat(uploads.cancel(ANN, ID).orElseThrow().cancelled())
                            .isTrue();
                    read(input);
                    return receipt(ID);
                }),
                "upload_cancelled");
        assertThat(status().problem()).isNotNull();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsCancelledAfterItsLastByteIsDone() {
        run(() -> sent("events"), (input, progress) -> {
            read(input);
            uploads.cancel(ANN, ID);
            return receipt(ID);
        });
        assertThat(status().state()).isEqualTo(UploadStatus.State.DONE);
    }

    @Test
    void afterAnyFailureThereIsRoomAgain() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> run(() -> sent("events"), (input, progress) -> {
                        throw new IllegalStateException("secret");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> run(() -> sent("events"), (input, progress) -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
        assertThat(requireNonNull(status().problem()).detail()).doesNotContain("secret");
        run(() -> sent("events"), (input, progress) -> receipt(ID));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatEndedLongAgoIsForgottenAndWhatRunsIsNot() {
        UUID running = new UUID(7, 7);
        uploads.run(ANN, running, null, () -> sent("events"), (input, progress) -> {
            UploadOwner other = new UploadOwner(OrgId.of("other"), Caller.of("eve"));
            for (int i = 0; i < 2_000; i++) {
                uploads.run(other, new UUID(2, i), null, () -> sent("x"), (events, told) -> receipt(ID));
            }
            assertThat(uploads.find(other, new UUID(2, 0))).isEmpty();
            assertThat(uploads.find(other, new UUID(2, 1_999))).isPresent();
            assertThat(uploads.find(ANN, running)).isPresent();
            return receipt(ID);
        });
    }

    @Test
    void anOrgHasItsShareOnly() {
        run(() -> sent("events"), (input, progress) -> {
            assertRefused(
                    () -> uploads.run(ANN, new UUID(2, 2), null, () -> sent("x"), (events, told) -> receipt(ID)),
                    "throttled");
            UploadOwner other = new UploadOwner(OrgId.of("other"), Caller.of("ann"));
            uploads.run(other, ID, null, () -> sent("x"), (events, told) -> receipt(new UUID(3, 3)));
            return receipt(ID);
        });
        assertThat(status().receiptId()).isEqualTo(ID);
    }
}
