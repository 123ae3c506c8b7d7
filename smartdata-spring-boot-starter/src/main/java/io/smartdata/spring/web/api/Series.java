package io.smartdata.spring.web.api;

import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.spring.web.route.About;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One point after the other. */
record Series(
        String kpi,
        String unit,
        Grain grain,
        ZoneId zone,

        @About("Version of the definitions that made the figures.")
        long generation,

        @About("Whether the values are exact rather than estimated by a sketch.")
        boolean exact,

        @About("Whether there are more points than the answer lists.")
        boolean truncated,

        List<Point> points,
        Instant dataFreshAsOf) {

    /** The value of one bucket. */
    record Point(
            @About("Local day, hour, week, month, quarter or year.")
            String bucket,

            @About("The moment it begins.") Instant start,
            @About("Empty for all.") String source,

            @About("Value of the dimension; empty for all.") String dimension,

            @About("Null where there is none, which is not zero.") @Nullable
            BigDecimal value,

            long events,
            @About("Whether the bucket is over.") boolean complete) {

        static Point of(KpiPoint point) {
            return new Point(
                    point.bucket(),
                    point.start(),
                    point.source(),
                    point.dimension(),
                    plain(point),
                    point.events(),
                    point.complete());
        }
    }

    /** The value without trailing zeros; null where there is none. */
    static @Nullable BigDecimal plain(KpiPoint point) {
        return point.value() == null ? null : new BigDecimal(point.valueText());
    }

    static Series of(KpiSeries series) {
        return new Series(
                series.kpi().name(),
                series.kpi().unit(),
                series.grain(),
                series.zone(),
                series.generation(),
                series.exact(),
                series.truncated(),
                series.points().stream().map(Point::of).toList(),
                series.dataFreshAsOf());
    }
}
