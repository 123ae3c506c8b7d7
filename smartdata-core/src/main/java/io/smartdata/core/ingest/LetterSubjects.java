package io.smartdata.core.ingest;

import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgSettings;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells whom a dead letter is about. Its bytes are read as a replay would read them; where that gives no subject, for they are
 * broken, they are searched for the subject as a whole word.
 *
 * @since 0.1.0
 */
public final class LetterSubjects {
    private final OrgSettings org;
    private final Instant now;

    /** For the letters of one org. */
    public LetterSubjects(OrgSettings org, Instant now) {
        this.org = org;
        this.now = now;
    }

    /** True if the letter is about the subject, or may be. */
    public boolean concerns(StoredDeadLetter letter, String subject) {
        ReadContext read = ReadContext.parse(letter.letter().format(), letter.context(), Limits.defaults());
        String about = subject(letter, read);
        return about != null ? about.equals(subject) : holdsWord(text(letter.payload(), read), subject);
    }

    private @Nullable String subject(StoredDeadLetter letter, ReadContext read) {
        try (EventReader reader = EventReader.replay(
                letter.payload(), read, org, now, letter.letter().receiptId())) {
            ReadEvent event = reader.next();
            return event == null ? null : event.subject();
        } catch (InvalidInputException e) {
            return null; // broken altogether: searched instead
        }
    }

    private static String text(byte[] payload, ReadContext read) {
        Charset declared = read.options().charset();
        return new String(payload, declared == null ? StandardCharsets.UTF_8 : declared);
    }

    private static boolean holdsWord(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.codePointBefore(at));
            int end = at + word.length();
            if (begins && (end == text.length() || !Character.isLetterOrDigit(text.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }
}
