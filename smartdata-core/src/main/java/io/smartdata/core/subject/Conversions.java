package io.smartdata.core.subject;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.event.FilterText;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.observe.Meters;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.LocalDate;
import java.util.function.Function;

/**
 * What subjects do after what, over all of them, from raw events of one snapshot. Answers name no subject. Memory is bounded:
 * when there is too much, a part of the subjects is looked at and the answer says how large a part. The cost is that of the
 * events of the range, of which {@value RawScan#MOST} at most are looked at.
 *
 * @since 0.1.0
 */
public final class Conversions {
    /** Most entities or paths of an answer. */
    public static final int MAX_LISTED = 1_000;

    /** Most events of a path. */
    public static final int MAX_LENGTH = 10;

    private static final Duration MAX_SPAN = Duration.ofDays(366);

    private final Storage storage;
    private final Generations generations;
    private final Meters meters;
    private final OrgScope scope;

    /**
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with {@link Permission#VIEW}
     */
    public Conversions(Storage storage, Generations generations, Meters meters, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.meters = requireNonNull(meters, "meters");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.VIEW);
    }

    /**
     * For each entity the subjects who did {@code fromName} to it, and how many of them did {@code toName} to it afterwards.
     * Events without a subject or an entity do not count.
     *
     * @param from first local day of the first events, inclusive
     * @param to last local day of the first events, exclusive; a later event may lie behind it
     * @param window how much later the second event counts at most, up to 366 days
     * @param limit most entities to list, 1 to {@value #MAX_LISTED}
     * @throws SmartDataException {@code unknown_org}; {@code invalid_request} if a name, the range, the window or the limit
     *     cannot be
     */
    public EntityConversions byEntity(
            String fromName, String toName, LocalDate from, LocalDate to, Duration window, int limit) {
        FilterText.require("fromName", fromName);
        FilterText.require("toName", toName);
        requireListed(limit);
        requireSpan("window", window);
        return read(
                "conversion_by_entity",
                snapshot -> new ConversionScan(snapshot, fromName, toName, window).read(from, to, limit));
    }

    /**
     * The most frequent beginnings of sessions: their first events by name, up to {@code length}. A session is what one
     * subject does without a longer pause than {@code gap}, over all sources; events without a subject do not count, and what
     * was done before the range is not known.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @param length most events of a path, 1 to {@value #MAX_LENGTH}
     * @param gap time without an event that ends a session, up to 366 days
     * @param limit most paths to list, 1 to {@value #MAX_LISTED}
     * @throws SmartDataException {@code unknown_org}; {@code invalid_request} if the range, the length, the gap or the limit
     *     cannot be
     */
    public Paths paths(LocalDate from, LocalDate to, int length, Duration gap, int limit) {
        requireListed(limit);
        requireSpan("gap", gap);
        if (length < 1 || length > MAX_LENGTH) {
            throw invalid("A path has 1 to %d events, these were to have %d.".formatted(MAX_LENGTH, length));
        }
        return read("paths", snapshot -> new PathScan(snapshot, length, gap).read(from, to, limit));
    }

    private static void requireListed(int limit) {
        if (limit < 1 || limit > MAX_LISTED) {
            throw invalid("An answer lists 1 to %d, this one was to list %d.".formatted(MAX_LISTED, limit));
        }
    }

    private static void requireSpan(String name, Duration span) {
        if (span.isNegative() || span.isZero() || span.compareTo(MAX_SPAN) > 0) {
            throw invalid("The %s is longer than nothing and at most 366 days, was %s.".formatted(name, span));
        }
    }

    private static SmartDataException invalid(String fault) {
        return new SmartDataException("invalid_request", fault + " Nothing was read. Correct the request.");
    }

    private <R> R read(String name, Function<KpiSnapshot, R> work) {
        generations.existing(scope);
        return meters.query(name, () -> storage.kpis().snapshot(scope, work));
    }
}
