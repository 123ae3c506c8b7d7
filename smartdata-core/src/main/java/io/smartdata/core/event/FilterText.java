package io.smartdata.core.event;

import org.jspecify.annotations.Nullable;

/** Texts to look for. What no event can hold, a database may refuse to be asked. */
final class FilterText {
    private static final int MAX_LENGTH = 255;

    private FilterText() {}

    /** Why no event holds the text, or null. */
    static @Nullable String fault(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return "The text has %d characters, and may have 1 to %d.".formatted(text.length(), MAX_LENGTH);
        }
        return text.codePoints().anyMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                ? "The text holds U+0000 or half of a character, as no event does."
                : null;
    }
}
