package io.smartdata.spring.web.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdata.SmartDataException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list ended: the place of its last entry, which a client passes on unread. It grants nothing.
 *
 * @param texts the place
 * @since 0.1.0
 */
public record Cursor(List<String> texts) {
    private static final int MAX_LENGTH = 4_000;

    /** No name or id of ours has it. */
    private static final String SEPARATOR = "\u001f";

    public Cursor {
        texts = List.copyOf(texts);
    }

    /** At a place. */
    public static Cursor of(Object... place) {
        return new Cursor(Arrays.stream(place).map(String::valueOf).toList());
    }

    /** As clients have it. */
    public String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, texts).getBytes(UTF_8));
    }

    /** The reverse of {@link #text()}. */
    public static Cursor parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Too short or too long");
        }
        return new Cursor(List.of(new String(Base64.getUrlDecoder().decode(text), UTF_8).split(SEPARATOR, -1)));
    }

    /**
     * What it stands for in one list.
     *
     * @param parts it must have
     * @throws SmartDataException {@code invalid_request} if it is of another list, or made up
     */
    public <P> P place(int parts, Function<List<String>, P> reader) {
        try {
            if (texts.size() == parts) {
                return reader.apply(texts);
            }
        } catch (RuntimeException e) {
            throw foreign(e);
        }
        throw foreign(null);
    }

    private static SmartDataException foreign(@Nullable RuntimeException cause) {
        return new SmartDataException(
                "invalid_request", "cursor must be the member next of an earlier answer of this list.", cause);
    }
}
