package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.kpi.Compactor;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgQuotas;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings events in: validated, identified, stored and counted exactly once.
 *
 * <p>An event that is not accepted is in the receipt with its code, and in the dead letters with its bytes. A whole call
 * that is refused stores nothing and throws. Every call may be {@code throttled} ({@link ThrottledException}): it takes part
 * of a bounded memory before it reads anything and never waits for it.
 *
 * @since 0.1.0
 */
public final class Ingest {
    private final Storage storage;
    private final Generations generations;
    private final Compactor compactor;
    private final IngestSettings settings;
    private final SchemaChecks schemas;
    private final Quotas quotas;
    private final InFlight inFlight;
    private final Meters meters;
    private final Clock clock;
    private final OrgScope scope;
    private final @Nullable HostTransaction host;

    /**
     * @param host the host's transaction to join, or null
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with {@link Permission#INGEST}
     */
    public Ingest(
            Storage storage,
            Generations generations,
            Compactor compactor,
            IngestSettings settings,
            SchemaChecks schemas,
            Quotas quotas,
            InFlight inFlight,
            Meters meters,
            Clock clock,
            OrgScope scope,
            @Nullable HostTransaction host) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.compactor = requireNonNull(compactor, "compactor");
        this.settings = requireNonNull(settings, "settings");
        this.schemas = requireNonNull(schemas, "schemas");
        this.quotas = requireNonNull(quotas, "quotas");
        this.inFlight = requireNonNull(inFlight, "inFlight");
        this.meters = requireNonNull(meters, "meters");
        this.clock = requireNonNull(clock, "clock");
        this.scope = requireNonNull(scope, "scope");
        this.host = host;
        scope.require(Permission.INGEST);
    }

    /**
     * Events of the host's own making; bad ones are dead-lettered, good ones stored.
     *
     * @return outcomes of every event, in order
     * @throws SmartDataException {@code batch_too_large}; then nothing was stored
     */
    public IngestReceipt events(List<Event> events) {
        return events(events, null);
    }

    /**
     * As {@link #events(List)}; sending the same events again under the same key gives the first receipt.
     *
     * @param idempotencyKey 1 to 255 characters, or null
     * @throws SmartDataException {@code batch_too_large}, {@code idempotency_key_reused}; then nothing was stored
     */
    public IngestReceipt events(List<Event> events, @Nullable String idempotencyKey) {
        requireBatchSize(events.size(), settings);
        String source = source(events);
        IngestOptions options =
                IngestOptions.lenient(ReadOptions.defaults(source)).withIdempotencyKey(idempotencyKey);
        return run(
                (org, now, receiptId) ->
                        new JavaEvents(events, source, options.read().limits(), org, now, receiptId),
                options,
                JavaEvents.size(events),
                true,
                () -> JavaEvents.hash(events),
                null);
    }

    /** That of the first event whose source may be one. */
    private static String source(List<Event> events) {
        return events.stream()
                .map(Event::source)
                .filter(source -> EventValidator.name(source, "source", Event.MAX_NAME_LENGTH) == null)
                .findFirst()
                .orElse("default");
    }

    /**
     * A batch as a client sent it: a JSON array, {@code {"events": [...]}}, one object, NDJSON or CSV.
     *
     * @return outcomes of every event, in order
     * @throws SmartDataException {@code batch_too_large}, {@code idempotency_key_reused} or what makes the whole body
     *     unreadable; then nothing was stored
     */
    public IngestReceipt batch(byte[] body, IngestOptions options) {
        requireBatchBytes(body.length, settings);
        Input input = () -> new ByteArrayInputStream(body);
        long held = ByteSource.startsAsGzip(body) ? settings.chunkBytes() : body.length;
        return run(reading(input, options), options, held, true, () -> contentHash(input), null);
    }

    /**
     * A file of any size.
     *
     * @return outcomes of the first events that were not accepted, counts of all
     * @throws InvalidInputException if the file cannot be read as a whole
     * @throws IngestRefusedException if the mode is not lenient and a row is bad; then nothing was stored
     */
    public IngestReceipt file(Path file, IngestOptions options) {
        return input(() -> Files.newInputStream(file), options);
    }

    /**
     * Bytes of any size from anywhere, read as often as the mode needs; see {@link #file}.
     */
    public IngestReceipt input(Input input, IngestOptions options) {
        return run(reading(input, options), options, settings.chunkBytes(), false, () -> contentHash(input), null);
    }

    /**
     * Tries a dead letter again and settles it in the transaction of its event: accepted or duplicate closes it, otherwise it
     * stays open with one more attempt. A letter that is not open any more, or was tried too often, is left as it is.
     *
     * @param heldBack says of a subject that its letters have to wait
     */
    public ReplayedLetter replay(StoredDeadLetter letter, ReplayOptions options, Predicate<String> heldBack) {
        byte[] payload = options.edited() == null ? letter.payload() : options.edited();
        ReadOptions read = ReadOptions.defaults(letter.letter().source());
        LetterReplay replay = new LetterReplay(letter.letter(), options, heldBack);
        IngestReceipt receipt = run(
                (org, now, receiptId) ->
                        new LetterEvents(letter, payload, options.fix(), read.limits(), org, now, receiptId),
                IngestOptions.lenient(read).withDryRun(options.dryRun()),
                payload.length,
                true,
                () -> sha256().digest(payload),
                replay);
        return replay.result(receipt);
    }

    /**
     * The receipt of an earlier call; of one that broke off or is still at it, what it has committed so far. Its outcomes are
     * those that were rejected or conflicted, or all of them if the call had an idempotency key.
     *
     * @throws SmartDataException {@code unknown_receipt} if the org has no such receipt
     */
    public IngestReceipt receipt(UUID id) {
        return storage.events()
                .receipt(scope, id)
                .map(stored -> ReceiptJson.read(stored.json()))
                .orElseThrow(() -> new SmartDataException(
                        "unknown_receipt",
                        "This org has no receipt %s. Every ingest call answers with the id of its receipt."
                                .formatted(id)));
    }

    /**
     * This org's part of a batch of several orgs, which holds the node's memory already.
     *
     * @param places where the events stand in the whole batch, from 0
     */
    IngestReceipt routed(List<Event> events, List<Integer> places) {
        String source = source(events);
        IngestOptions options = IngestOptions.lenient(ReadOptions.defaults(source));
        return routed(
                (org, now, receiptId) -> new Placed(
                        new JavaEvents(events, source, options.read().limits(), org, now, receiptId), places),
                options,
                JavaEvents.size(events),
                () -> JavaEvents.hash(events));
    }

    /** As {@link #routed(List, List)} for rows that were read together. */
    IngestReceipt routed(IngestCall.Opener opener, IngestOptions options, long held, Supplier<byte[]> contentHash) {
        return run(opener, options, call -> inFlight.part(scope.org(), held, call), true, contentHash, null);
    }

    private IngestReceipt run(
            IngestCall.Opener opener,
            IngestOptions options,
            long held,
            boolean listAccepted,
            Supplier<byte[]> contentHash,
            @Nullable LetterReplay replay) {
        return run(opener, options, call -> inFlight.run(scope.org(), held, call), listAccepted, contentHash, replay);
    }

    /** Takes memory for a call while it runs. */
    @FunctionalInterface
    private interface Holding {
        IngestReceipt run(Supplier<IngestReceipt> call);
    }

    /**
     * @param holding takes memory for what the call has of its input at once
     * @param contentHash asked only with an idempotency key
     */
    private IngestReceipt run(
            IngestCall.Opener opener,
            IngestOptions options,
            Holding holding,
            boolean listAccepted,
            Supplier<byte[]> contentHash,
            @Nullable LetterReplay replay) {
        IngestAccount account =
                new IngestAccount(meters, scope.org(), options.read().source(), replay != null);
        OrgQuotas quota = quotas.of(scope.org());
        try {
            quotas.admit(scope.org(), quota);
            IngestReceipt receipt = holding.run(() -> run(
                    opener,
                    options,
                    quota,
                    listAccepted,
                    options.idempotencyKey() == null ? null : contentHash.get(),
                    replay,
                    account));
            quotas.received(scope.org(), quota, receipt.received());
            return receipt;
        } catch (PartlyStoredException e) {
            quotas.received(scope.org(), quota, e.receipt().received());
            account.refused(e);
            throw e;
        } catch (SmartDataException e) {
            account.refused(e);
            throw e;
        }
    }

    private IngestReceipt run(
            IngestCall.Opener opener,
            IngestOptions options,
            OrgQuotas quota,
            boolean listAccepted,
            byte @Nullable [] contentHash,
            @Nullable LetterReplay replay,
            IngestAccount account) {
        IngestCall call = new IngestCall(
                storage,
                generations,
                scope,
                host,
                settings,
                clock,
                schemas.enforced(opener),
                options.read().source(),
                options,
                quota.openDeadLetters(),
                listAccepted,
                replay);
        IngestReceipt receipt = meters.ingest(() -> run(call, options, contentHash));
        account.done(receipt, call.repeated());
        if (host == null) {
            compactor.wrote(scope, call.deltasWritten());
        }
        return receipt;
    }

    /** A call that would store nothing does not create its org either. */
    private IngestReceipt run(IngestCall call, IngestOptions options, byte @Nullable [] contentHash) {
        if (host != null) {
            return call.run(generations.prepareExisting(scope), contentHash);
        }
        Optional<OrgSettings> org = generations.find(scope);
        if (org.isPresent()) {
            return call.run(org.get(), contentHash);
        }
        if (options.dryRun()) {
            return call.imagine(generations.imagined(scope));
        }
        call.probe(generations.imagined(scope));
        return call.run(generations.create(scope), contentHash);
    }

    private static IngestCall.Opener reading(Input input, IngestOptions options) {
        return (org, now, receiptId) -> EventReader.open(input, options.read(), org, now, receiptId);
    }

    static void requireBatchSize(int events, IngestSettings settings) {
        if (events > settings.maxBatchEvents()) {
            throw new SmartDataException(
                    "batch_too_large",
                    "The batch has %d events, the limit is %d. Nothing was stored. Split the batch or raise maxBatchEvents."
                            .formatted(events, settings.maxBatchEvents()));
        }
    }

    static void requireBatchBytes(int bytes, IngestSettings settings) {
        if (bytes > settings.maxBatchBytes()) {
            throw new SmartDataException(
                    "batch_too_large",
                    "The batch has %d bytes, the limit is %d. Nothing was stored. Split the batch or raise maxBatchBytes."
                            .formatted(bytes, settings.maxBatchBytes()));
        }
    }

    private static byte[] contentHash(Input input) {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(input.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "unreadable_input",
                    0,
                    null,
                    "The input cannot be read. Nothing was stored. Check it and retry.",
                    e);
        }
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
