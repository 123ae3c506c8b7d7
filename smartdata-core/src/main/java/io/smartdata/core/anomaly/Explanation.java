package io.smartdata.core.anomaly;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.EventRange;
import io.smartdata.storage.StoredAnomaly;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is behind an anomaly.
 *
 * @param anomaly as it was found, with the detector's words
 * @param contributions dimension values that changed most against the same weekday of the weeks before, the greatest change
 *     in the anomaly's direction first; empty if the KPI has no dimension or no such week
 * @param events the raw events of the bucket, for {@code Exports.events}: those of other KPIs are among them
 * @since 0.1.0
 */
public record Explanation(StoredAnomaly anomaly, List<Contribution> contributions, EventRange events) {
    private static final int MOST_NAMED = 3;

    public Explanation {
        requireNonNull(anomaly, "anomaly");
        requireNonNull(events, "events");
        contributions = List.copyOf(contributions);
    }

    /** The detector's words, and which dimension values it comes from. */
    public String inWords() {
        String from = contributions.stream()
                .limit(MOST_NAMED)
                .map(it -> "%s=%s %s instead of %s%s"
                        .formatted(
                                it.dimension(),
                                it.value(),
                                Words.number(it.actual()),
                                Words.number(it.usual()),
                                it.share() == null
                                        ? ""
                                        : " (%d %% of the change)".formatted(Math.round(100 * it.share()))))
                .collect(Collectors.joining(", "));
        return from.isEmpty() ? anomaly.reason() : anomaly.reason() + "; " + from;
    }

    /**
     * What one dimension value has to do with it.
     *
     * @param dimension name of the dimension
     * @param value value of the dimension
     * @param actual the KPI for this value in the bucket
     * @param usual mean of the KPI for this value over the weeks before
     * @param share of the change of the total, 1 = all of it, negative = it moved against it; null where the values do not
     *     add up to the total, as means and percentiles do not, or the total did not change
     */
    public record Contribution(
            String dimension,
            String value,
            double actual,
            double usual,
            @Nullable Double share) {
        public Contribution {
            requireNonNull(dimension, "dimension");
            requireNonNull(value, "value");
        }

        Contribution withShare(double newShare) {
            return new Contribution(dimension, value, actual, usual, newShare);
        }

        /** How far the value moved. */
        public double change() {
            return actual - usual;
        }
    }
}
