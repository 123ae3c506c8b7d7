package io.smartdata.core.event;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * Texts to look for. What no event can hold, a database may refuse to be asked.
 *
 * @since 0.1.0
 */
public final class FilterText {
    private static final int MAX_LENGTH = 255;

    private FilterText() {}

    /**
     * Checks a text that may be missing.
     *
     * @param field what the caller calls it
     * @throws SmartDataException {@code invalid_request} if no event holds such a text
     */
    public static void require(String field, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.length() > MAX_LENGTH || !whole(text))) {
            throw new SmartDataException(
                    "invalid_request",
                    "No event can have such a text as %s (%d characters): 1 to %d whole characters, none of them U+0000. Nothing was read. Correct it."
                            .formatted(field, text.length(), MAX_LENGTH));
        }
    }

    private static boolean whole(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
