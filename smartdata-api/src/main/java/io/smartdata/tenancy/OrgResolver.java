package io.smartdata.tenancy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the org of an event that names none, for example from the course it happened in. Asked on the caller's thread, once
 * for equal clues of a call; must be thread-safe. An answer counts only if the caller may bring events into that org, so it
 * need not look at who asks.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OrgResolver {
    /**
     * What an event says about where it belongs; at least one is there.
     *
     * @param entity what the event is about, or null
     * @param subject whom the event is about, or null
     */
    record Clues(@Nullable String entity, @Nullable String subject) {}

    /**
     * The one org these belong to; empty if there is none or more than one: derive, never guess.
     */
    Optional<OrgId> resolve(Clues clues);

    /** Knows nothing: an event that names no org has none. */
    static OrgResolver none() {
        return clues -> Optional.empty();
    }
}
