package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.kpi.Generations;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Events that were not accepted: why, their bytes, and another try.
 *
 * @since 0.1.0
 */
public final class DeadLetters {
    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;
    private final Supplier<Ingest> ingest;

    /**
     * @param ingest used by replays only
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with {@link Permission#OPERATE} and
     *     {@link Permission#VIEW_SENSITIVE}: payloads are what the sender sent
     */
    public DeadLetters(Storage storage, Generations generations, OrgScope scope, Supplier<Ingest> ingest) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        this.ingest = requireNonNull(ingest, "ingest");
        scope.require(Permission.OPERATE);
        scope.require(Permission.VIEW_SENSITIVE);
    }

    /**
     * Id of a letter: a keyed hash of what was sent, so that ingesting the same file again finds the letter it made before.
     *
     * @param context tells equal rows of one input apart; empty where that does not matter
     */
    static UUID id(byte[] hashKey, String source, String format, String context, byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
            for (String part : List.of("dead letter", source, format, context)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            ByteBuffer hash = ByteBuffer.wrap(mac.doFinal(payload));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    /**
     * Dead letters, oldest first.
     *
     * @throws SmartDataException {@code unknown_org}
     */
    public List<DeadLetter> list(DeadLetterQuery query) {
        generations.existing(scope);
        return storage.deadLetters().list(scope, query);
    }

    /**
     * One dead letter.
     *
     * @throws SmartDataException {@code unknown_dead_letter} if this org has none of this id
     */
    public DeadLetter get(UUID id) {
        return storage.deadLetters()
                .find(scope, id)
                .orElseThrow(() -> new SmartDataException(
                        "unknown_dead_letter",
                        "This org has no dead letter %s. List them to see their ids.".formatted(id)));
    }

    /**
     * Tries it again as it is; safe to repeat.
     *
     * @throws SmartDataException {@code unknown_dead_letter}
     */
    public IngestReceipt replay(UUID id) {
        return replay(id, get(id).payload());
    }

    /**
     * Tries it again with corrected bytes in the same format; safe to repeat. Accepted or duplicate settles the letter in
     * the transaction of the event; otherwise it stays open with one more attempt.
     *
     * @throws SmartDataException {@code unknown_dead_letter}
     */
    public IngestReceipt replay(UUID id, byte[] payload) {
        return ingest.get().replay(get(id), payload);
    }
}
