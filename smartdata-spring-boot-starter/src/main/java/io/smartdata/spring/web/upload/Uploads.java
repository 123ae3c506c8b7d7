package io.smartdata.spring.web.upload;

import static java.util.Objects.requireNonNull;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.Progress;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.OrgId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The uploads of this node: a bounded number at once, and of those that ended the last {@value #REMEMBERED}.
 *
 * @since 0.1.0
 */
public final class Uploads {
    private static final int REMEMBERED = 1_000;
    private static final int BUFFER = 64 * 1024;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final UploadSettings settings;
    private final Clock clock;
    private final Map<Key, Upload> known = new LinkedHashMap<>();
    private final Map<OrgId, Integer> running = new HashMap<>();
    private int runningInAll;

    private record Key(UploadOwner owner, UUID id) {}

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Sender {
        InputStream open() throws IOException;
    }

    /** What is done with the bytes once all are there. */
    @FunctionalInterface
    public interface Ingesting {
        IngestReceipt of(Input input, Consumer<Progress> progress);
    }

    /** Too much at once, or on this disk. */
    static final class NoRoomException extends RetryLaterException {
        private static final long serialVersionUID = 1L;

        NoRoomException(String code, String message, Duration retryAfter, @Nullable Throwable cause) {
            super(code, message, retryAfter, cause);
        }
    }

    public Uploads(UploadSettings settings, Clock clock) {
        this.settings = requireNonNull(settings, "settings");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Receives all bytes, then has them ingested. Nothing stays on disk, whatever happens.
     *
     * @param declared bytes that there will be; null if the client does not say
     * @throws SmartDataException {@code upload_too_large}, {@code upload_running}, {@code throttled}, {@code upload_not_kept},
     *     {@code upload_timed_out}, {@code upload_cancelled}, {@code unreadable_input}, and whatever {@code ingesting} throws
     */
    public IngestReceipt run(UploadOwner owner, UUID id, @Nullable Long declared, Sender sender, Ingesting ingesting) {
        if (declared != null && declared > settings.maxBytes()) {
            throw tooLarge();
        }
        Upload upload = begin(owner, id, declared);
        try {
            IngestReceipt receipt = run(upload, declared, sender, ingesting);
            upload.done(receipt);
            return receipt;
        } catch (RuntimeException | Error e) {
            upload.failed(e);
            throw e;
        } finally {
            ended(owner.org());
        }
    }

    private synchronized Upload begin(UploadOwner owner, UUID id, @Nullable Long declared) {
        int ofOrg = running.getOrDefault(owner.org(), 0);
        if (runningInAll >= settings.atOnce() || ofOrg >= settings.ofOneOrg()) {
            throw new NoRoomException(
                    "throttled",
                    "This node has as many uploads at once as it takes. Nothing was stored. Send it again in %d s."
                            .formatted(RETRY_AFTER.toSeconds()),
                    RETRY_AFTER,
                    null);
        }
        Key key = new Key(owner, id);
        Upload before = known.get(key);
        if (before != null && before.running()) {
            throw new SmartDataException(
                    "upload_running",
                    "An upload under that Upload-Id is running. Nothing was stored by this one. Wait for it, cancel it, or use another id.");
        }
        Upload upload = new Upload(id, declared, clock.instant());
        known.remove(key);
        known.put(key, upload);
        running.put(owner.org(), ofOrg + 1);
        runningInAll++;
        forget();
        return upload;
    }

    /** The oldest of those that ended. */
    private void forget() {
        Iterator<Upload> oldest = known.values().iterator();
        while (known.size() > REMEMBERED + settings.atOnce() && oldest.hasNext()) {
            if (!oldest.next().running()) {
                oldest.remove();
            }
        }
    }

    private synchronized void ended(OrgId org) {
        running.computeIfPresent(org, (ended, count) -> count == 1 ? null : count - 1);
        runningInAll--;
    }

    private IngestReceipt run(Upload upload, @Nullable Long declared, Sender sender, Ingesting ingesting) {
        try (Spool spool = spool()) {
            receive(upload, declared, sender, spool);
            upload.ingesting();
            return ingesting.of(() -> wanted(upload, spool), upload::progress);
        }
    }

    private Spool spool() {
        try {
            return Spool.in(settings.folder());
        } catch (IOException e) {
            throw notKept(e);
        }
    }

    private void receive(Upload upload, @Nullable Long declared, Sender sender, Spool spool) {
        Instant deadline = clock.instant().plus(settings.timeout());
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = sender.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                keep(spool, buffer, n);
                upload.received(spool.size());
                upload.requireWanted();
                if (clock.instant().isAfter(deadline)) {
                    throw new SmartDataException(
                            "upload_timed_out",
                            "The upload was not there within %s (smartdata.web.upload-timeout). Nothing was stored. Send it in parts."
                                    .formatted(settings.timeout()));
                }
            }
        } catch (IOException e) {
            throw endedEarly(e);
        }
        if (declared != null && spool.size() < declared) {
            throw endedEarly(null);
        }
    }

    private void keep(Spool spool, byte[] bytes, int length) {
        if (spool.size() + length > settings.maxBytes()) {
            throw tooLarge();
        }
        try {
            spool.append(bytes, length);
        } catch (IOException e) {
            throw notKept(e);
        }
    }

    private static InputStream wanted(Upload upload, Spool spool) {
        return new FilterInputStream(spool.open()) {
            @Override
            public int read() throws IOException {
                upload.requireWanted();
                return super.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                upload.requireWanted();
                return super.read(target, offset, length);
            }
        };
    }

    private SmartDataException tooLarge() {
        return new SmartDataException(
                "upload_too_large",
                "The upload has more than %d bytes (smartdata.web.max-upload). Nothing was stored. Send it in parts, or compressed with gzip."
                        .formatted(settings.maxBytes()));
    }

    private static SmartDataException endedEarly(@Nullable IOException cause) {
        return new SmartDataException(
                "unreadable_input", "The upload ended early. Nothing was stored. Send it again.", cause);
    }

    private static NoRoomException notKept(IOException cause) {
        return new NoRoomException(
                "upload_not_kept",
                "This node cannot keep the upload on its disk. Nothing was stored. Send it again later.",
                Duration.ofMinutes(1),
                cause);
    }

    /** How far an upload is; empty if the owner has none of that id here. */
    public synchronized Optional<UploadStatus> find(UploadOwner owner, UUID id) {
        return Optional.ofNullable(known.get(new Key(owner, id))).map(Upload::status);
    }

    /** Has an upload end before it reads on; one that has ended stays as it is. */
    public synchronized Optional<UploadStatus> cancel(UploadOwner owner, UUID id) {
        Upload upload = known.get(new Key(owner, id));
        if (upload == null) {
            return Optional.empty();
        }
        upload.cancel();
        return Optional.of(upload.status());
    }
}
