package io.smartdata.spring.web.api;

import io.smartdata.core.kpi.DefinedKpi;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.spring.web.route.About;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a KPI is. */
record KpiDefinition(
        String name,
        Aggregation aggregation,

        @About("Names of the events, * for any characters; of a ratio, those of its numerator.")
        List<String> events,

        @About("Names of the events of a ratio's denominator; else empty.")
        List<String> denominator,

        @About("Only events of this source; null for all.") @Nullable
        String source,

        @About("For each property the texts it may have.") Map<String, List<String>> where,

        @About("Where figures come from: value, subject, entity, session or a property; empty for counts and ratios.")
        String field,

        @About("Rank of a percentile; else null.") @Nullable Double percent,

        @About("Properties by which it can be broken down.") List<String> dimensions,

        @About("Finest bucket.") Grain grain,
        String unit,
        @About("Which way is good.") Direction direction,

        @About("Who answers for it; may be empty.") String owner,

        @About("Whether a bucket without events is a zero.") boolean zeroWhenAbsent,

        @About("Whether nobody declared it.") boolean automatic,

        @About("Whether any event has counted in it.") boolean hasData) {
    static KpiDefinition of(DefinedKpi defined) {
        Kpi kpi = defined.kpi();
        return new KpiDefinition(
                kpi.name(),
                kpi.aggregation(),
                kpi.filter().names(),
                kpi.denominator(),
                kpi.filter().source(),
                kpi.filter().properties(),
                kpi.field(),
                kpi.percent() == 0 ? null : kpi.percent(),
                kpi.dimensions(),
                kpi.grain(),
                kpi.unit(),
                kpi.direction(),
                kpi.owner(),
                kpi.zeroWhenAbsent(),
                kpi.automatic(),
                defined.hasData());
    }
}
