package io.smartdata.spring.web.api;

import io.smartdata.spring.web.route.Cursor;
import io.smartdata.spring.web.route.Parameter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists that can grow are answered in pages. */
final class Pages {
    static final int DEFAULT_LIMIT = 100;
    static final Parameter<Integer> LIMIT =
            Parameter.whole("limit", "Most entries of the answer.", 1, 1_000).standard(DEFAULT_LIMIT);
    static final Parameter<Cursor> CURSOR =
            Parameter.text("cursor", "Goes on after an earlier answer.", "its member next, as it is", Cursor::parse);

    private Pages() {}

    /** The first so many of one more than that. */
    static <E> List<E> page(List<E> found, int limit) {
        return found.subList(0, Math.min(limit, found.size()));
    }

    /** The cursor of what follows a page; null if nothing does. */
    static <E> @Nullable String next(List<E> found, int limit, Function<E, Cursor> place) {
        return found.size() > limit ? place.apply(found.get(limit - 1)).text() : null;
    }
}
