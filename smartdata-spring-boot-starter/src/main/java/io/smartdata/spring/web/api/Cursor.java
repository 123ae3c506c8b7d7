package io.smartdata.spring.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdata.spring.web.route.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list ended, as a text that says nothing to clients. It names a place in the list of whoever sends it, and
 * nothing else: a forged one begins that list elsewhere.
 *
 * @param parts of the key of the last entry
 */
record Cursor(List<String> parts) {
    private static final int MAX_LENGTH = 4_000;
    private static final String BETWEEN = "\0";

    static final Parameter<Integer> LIMIT =
            Parameter.whole("limit", "Most entries of the answer.", 1, 1_000).standard(100);

    static final int STANDARD_LIMIT = 100;

    Cursor {
        parts = List.copyOf(parts);
    }

    static Cursor of(String... parts) {
        return new Cursor(List.of(parts));
    }

    /** The parameter of a list whose keys have so many parts. */
    static Parameter<Cursor> parameter(int parts) {
        return Parameter.text("cursor", "The next of the page before.", "the next of an earlier answer", text -> {
            Cursor cursor = read(text);
            if (cursor.parts.size() != parts) {
                throw new IllegalArgumentException("Of another list");
            }
            return cursor;
        });
    }

    private static Cursor read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Too long");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return of(UTF_8.newDecoder().decode(bytes).toString().split(BETWEEN, -1));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Not ours", e);
        }
    }

    String part(int number) {
        return parts.get(number);
    }

    /** As the answer writes it. */
    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(BETWEEN, parts).getBytes(UTF_8));
    }

    /**
     * A page of a list.
     *
     * @param entries in their order
     * @param next null if these were the last
     */
    record Page<T>(List<T> entries, @Nullable String next) {
        /**
         * Of what was read with one entry more than is to be shown.
         *
         * @param key of an entry
         */
        static <T> Page<T> of(List<T> oneMore, int limit, Function<T, Cursor> key) {
            return oneMore.size() <= limit
                    ? new Page<>(oneMore, null)
                    : new Page<>(
                            oneMore.subList(0, limit),
                            key.apply(oneMore.get(limit - 1)).text());
        }

        /**
         * Of a whole list.
         *
         * @param after where the page before ended; null to begin
         */
        static <T> Page<T> of(
                List<T> all, @Nullable Cursor after, int limit, Comparator<Cursor> order, Function<T, Cursor> key) {
            return of(
                    all.stream()
                            .filter(entry -> after == null || order.compare(key.apply(entry), after) > 0)
                            .sorted(Comparator.comparing(key, order))
                            .limit(limit + 1L)
                            .toList(),
                    limit,
                    key);
        }

        <R> List<R> map(Function<T, R> shown) {
            return entries.stream().map(shown).toList();
        }
    }

    /** The natural order, part by part. */
    static Comparator<Cursor> ascending() {
        return (one, two) -> {
            for (int i = 0; i < one.parts.size(); i++) {
                int order = one.parts.get(i).compareTo(two.parts.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }
}
