package io.smartdata.core.definition;

import io.smartdata.SmartDataException;
import java.util.function.Supplier;

/**
 * What a kind of document is called.
 *
 * @param title in sentences, as in "The KPI catalog"
 * @param invalid code of a document whose content is wrong
 * @param unreadable code of a file that cannot be read
 * @since 0.1.0
 */
public record DocumentKind(String title, String invalid, String unreadable) {
    /**
     * Makes what stands at a place; what its own rules say is said of that place.
     *
     * @throws SmartDataException {@link #invalid()} if {@code making} throws an {@link IllegalArgumentException}
     */
    public <T> T make(String at, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    invalid, "%s is wrong at %s: %s. Nothing was changed.".formatted(title, at, e.getMessage()), e);
        }
    }

    SmartDataException invalid(String at, String what) {
        return new SmartDataException(
                invalid,
                "%s is wrong: %s %s. Nothing was changed. Correct it there."
                        .formatted(title, at.isEmpty() ? "the document" : at, what));
    }
}
