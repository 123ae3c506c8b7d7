package io.smartdata.spring.web.api;

import io.smartdata.anomaly.Severity;
import io.smartdata.anomaly.Shape;
import io.smartdata.spring.web.route.About;
import io.smartdata.storage.StoredAnomaly;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A value that the history does not explain. */
record FoundAnomaly(
        String kpi,
        @About("Empty for all.") String source,

        @About("Name and value of the dimension; empty for the total.")
        String dimension,

        String bucket,
        double value,
        double expected,

        @About("Least value that would have been usual.") double lower,

        @About("Greatest value that would have been usual.") double upper,

        @About("Distance from what was expected, in standard deviations of a normal distribution.")
        double score,

        Severity severity,
        Shape shape,
        @About("Why, in words.") String reason,
        String detector,

        @About("The incident it is an alert of; null if nobody needs to look at it.") @Nullable
        String incident,

        Instant dataFreshAsOf) {

    static FoundAnomaly of(StoredAnomaly stored) {
        return new FoundAnomaly(
                stored.series().kpi(),
                stored.series().source(),
                stored.series().dimension(),
                stored.bucket(),
                stored.value(),
                stored.expected(),
                stored.lower(),
                stored.upper(),
                stored.score(),
                Severity.valueOf(stored.severity()),
                Shape.valueOf(stored.shape()),
                stored.reason(),
                stored.detector(),
                stored.incident(),
                stored.dataFreshAsOf());
    }
}
