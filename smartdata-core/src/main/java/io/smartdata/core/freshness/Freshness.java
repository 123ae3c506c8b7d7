package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.Backlog;
import io.smartdata.storage.DerivedAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How fresh the answers of one org are. KPI answers reflect every event that was acknowledged before {@link #asOf()}, always;
 * what may be older says so.
 *
 * @param backlog what waits for compaction; it makes KPI answers slower, never older
 * @param derived answers that were derived at least once, in the order of {@link DerivedAnswer}
 * @param silences of every source that has sent an event, ordered by name
 * @since 0.1.0
 */
public record Freshness(Backlog backlog, List<DerivedFreshness> derived, List<Silence> silences) {
    public Freshness {
        requireNonNull(backlog, "backlog");
        derived = List.copyOf(derived);
        silences = List.copyOf(silences);
    }

    /** The moment of this answer, and of every KPI answer given now, by the database's clock. */
    public Instant asOf() {
        return backlog.asOf();
    }

    /** Age of the oldest uncompacted delta; zero if there is none. */
    public Duration lag() {
        return backlog.lag();
    }

    /** True if any derived answer is stale. */
    public boolean stale() {
        return derived.stream().anyMatch(DerivedFreshness::stale);
    }

    /** That of one answer, if it was ever derived from the KPI definitions in force. */
    public Optional<DerivedFreshness> of(DerivedAnswer answer) {
        return derived.stream().filter(each -> each.answer() == answer).findFirst();
    }
}
