package io.smartdata.core.ingest;

import io.smartdata.core.export.EventJson;
import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import io.smartdata.storage.EventCandidate;
import io.smartdata.tenancy.OrgSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that the host made as objects. */
final class JavaEvents implements EventSource {
    private final List<Event> events;
    private final String source;
    private final Limits limits;
    private final OrgSettings org;
    private final Instant now;
    private final UUID receiptId;
    private final CanonicalBytes bytes;
    private @Nullable String context;
    private int next;

    JavaEvents(List<Event> events, String source, Limits limits, OrgSettings org, Instant now, UUID receiptId) {
        this.events = events;
        this.source = source;
        this.limits = limits;
        this.org = org;
        this.now = now;
        this.receiptId = receiptId;
        this.bytes = new CanonicalBytes(org.hashKey());
    }

    /** Tells a retry of the same events from other ones. */
    static byte[] hash(List<Event> events) {
        MessageDigest digest = Ingest.sha256();
        events.forEach(event -> {
            digest.update(new Rendered(event).bytes());
            digest.update((byte) '\n');
        });
        return digest.digest();
    }

    /** About as many bytes as the events would have as text; cheap. */
    static long size(List<Event> events) {
        return events.stream().mapToLong(event -> new Rendered(event).size()).sum();
    }

    @Override
    public @Nullable ReadEvent next() {
        if (next == events.size()) {
            return null;
        }
        Event event = events.get(next++);
        Original original = new Rendered(event);
        Rejection rejection = EventValidator.check(event, limits, org, now);
        if (rejection != null) {
            String id = event.id().text();
            return new ReadEvent.Invalid(
                    next, Texts.fault(id) == null ? id : null, event.subject(), rejection, original, context(1));
        }
        byte[] fingerprint = Fingerprint.of(event, bytes);
        return new ReadEvent.Valid(new EventCandidate(event, fingerprint, receiptId), next, original, 1);
    }

    /** An event that was never text; a dead letter needs it as one. */
    private record Rendered(Event event) implements Original {
        /** What an event without properties takes. */
        private static final int USUAL_SIZE = 200;

        @Override
        public byte[] bytes() {
            return EventJson.of(event).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int size() {
            return USUAL_SIZE + event.properties().json().length();
        }
    }

    @Override
    public Map<String, String> detected() {
        return Map.of("format", "java");
    }

    @Override
    public Identity identity() {
        return Identity.CLIENT;
    }

    @Override
    public String format() {
        return "json";
    }

    @Override
    public String context(long occurrence) {
        String known = context;
        if (known == null) {
            ReadOptions options = ReadOptions.defaults(source).withIdentity(identity());
            known = new ReadContext(options, List.of(), 1).json();
            context = known;
        }
        return known;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
