package io.smartdata.core.ingest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What text may hold, on every path. */
final class Texts {
    /** Longest subject, entity, session and schema version, in UTF-16 code units: they are keys in the store. */
    static final int MAX_KEY_LENGTH = 255;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Texts() {}

    /** True if {@code text} surely names something: ASCII that prints, beginning with no space. */
    static boolean plain(String text, int maxLength) {
        int length = text.length();
        if (length == 0 || length > maxLength || text.charAt(0) == ' ') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Of a text what a sentence may show: not much, no half character, and nothing that breaks a line of a log. */
    static String shown(String text, int most) {
        String shown = text;
        if (text.length() > most) {
            int end = most - "...".length();
            shown = text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
        }
        return CONTROL.matcher(shown).replaceAll("?");
    }

    /** Why {@code text} cannot be stored in any database without being altered, or null. */
    static @Nullable String fault(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "The text holds the character U+0000, which databases cannot store. Remove it.";
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return "The text holds half of a surrogate pair, which is no character. Send the whole character.";
                }
                i++;
            }
        }
        return null;
    }

    /** Why {@code text} cannot name something: blank, too long, or with control characters that are not white space. */
    static @Nullable String nameFault(String text, int maxLength) {
        if (text.length() > maxLength) {
            return "The text has %d characters, the limit is %d. Shorten it.".formatted(text.length(), maxLength);
        }
        if (text.isBlank()) {
            return "The text is blank. Leave the field out or fill it.";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
                return "The text holds a control character. Remove it.";
            }
        }
        return null;
    }
}
