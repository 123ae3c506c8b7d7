package io.smartdata.spring.web.api;

import io.smartdata.SmartDataException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What members of bodies must be. */
final class Bodies {
    private Bodies() {}

    /** From 1 to {@code most}, if it is there. */
    static void bounds(String member, @Nullable Integer value, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw new SmartDataException(
                    "invalid_request", "%s must be from 1 to %d. Nothing was changed.".formatted(member, most));
        }
    }

    /** Without a null among its elements. */
    static <E> List<E> whole(String member, List<E> elements) {
        if (elements.stream().anyMatch(Objects::isNull)) {
            throw new SmartDataException("invalid_request", member + " must not have null in it. Nothing was changed.");
        }
        return elements;
    }
}
