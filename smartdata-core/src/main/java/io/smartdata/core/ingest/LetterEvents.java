package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one event of a dead letter. Whatever its bytes are, there is exactly one, valid or not. */
final class LetterEvents implements EventSource {
    private final StoredDeadLetter letter;
    private final byte[] payload;
    private final Transformation fix;
    private final ReadContext read;
    private final OrgSettings org;
    private final Instant now;
    private final UUID receiptId;
    private @Nullable EventReader reader;
    private boolean done;

    LetterEvents(
            StoredDeadLetter letter,
            byte[] payload,
            Transformation fix,
            Limits limits,
            OrgSettings org,
            Instant now,
            UUID receiptId) {
        this.letter = letter;
        this.payload = payload;
        this.fix = fix;
        this.read = ReadContext.parse(letter.letter().format(), letter.context(), limits);
        this.org = org;
        this.now = now;
        this.receiptId = receiptId;
    }

    @Override
    public @Nullable ReadEvent next() {
        if (done) {
            return null;
        }
        done = true;
        try {
            PayloadFields.Payload fixed = fix.apply(new PayloadFields.Payload(payload, read));
            return only(EventReader.replay(fixed.bytes(), fixed.context(), org, now, receiptId));
        } catch (UntransformableException e) {
            return invalid(e.rejection());
        } catch (InvalidInputException e) {
            return invalid(new Rejection(code(e.code()), e.field(), requireNonNull(e.getMessage())));
        }
    }

    private ReadEvent only(EventReader opened) {
        reader = opened;
        ReadEvent event = opened.next();
        if (event == null) {
            return invalid(new Rejection(
                    syntax(), null, "The payload holds no event. Give the event, or discard the dead letter."));
        }
        if (opened.next() != null) {
            return invalid(
                    new Rejection(
                            syntax(),
                            null,
                            "The payload holds more than one event. Give the one that the dead letter stands for; ingest others."));
        }
        return event;
    }

    private ReadEvent invalid(Rejection rejection) {
        return new ReadEvent.Invalid(1, null, subjectAsItIs(), rejection, Original.of(payload), letter.context());
    }

    /** Later letters of a subject wait for this one, also if it cannot be transformed. */
    private @Nullable String subjectAsItIs() {
        try (EventReader asItIs = EventReader.replay(payload, read, org, now, receiptId)) {
            ReadEvent event = asItIs.next();
            return event == null ? null : event.subject();
        } catch (InvalidInputException e) {
            return null; // unknown; the caller reports why the letter fails
        }
    }

    /** Of an input that is refused as a whole, the code a row would have. */
    private RejectionCode code(String refused) {
        return Arrays.stream(RejectionCode.values())
                .filter(code -> code.code().equals(refused))
                .findFirst()
                .orElseGet(this::syntax);
    }

    private RejectionCode syntax() {
        return read.options().format() == Format.CSV ? RejectionCode.INVALID_CSV : RejectionCode.INVALID_JSON;
    }

    @Override
    public Map<String, String> detected() {
        return reader == null ? Map.of("format", format()) : reader.detected();
    }

    @Override
    public Identity identity() {
        return read.options().identity();
    }

    @Override
    public String format() {
        return letter.letter().format();
    }

    @Override
    public String context(long occurrence) {
        return letter.context();
    }

    @Override
    public long bytesRead() {
        return reader == null ? 0 : reader.bytesRead();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
