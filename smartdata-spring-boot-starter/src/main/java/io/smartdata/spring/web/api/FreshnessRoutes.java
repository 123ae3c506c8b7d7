package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.freshness.DerivedFreshness;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.DerivedAnswer;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How old what is answered is. */
final class FreshnessRoutes implements RouteGroup {
    private final SmartData smartData;

    FreshnessRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Of figures, of what is derived from them, and of sources. */
    record FreshnessAnswer(
            Instant dataFreshAsOf,

            @About("Whether something derived is overdue by more than ten minutes.")
            boolean stale,

            @About("Age of the oldest work that is waiting.")
            long lagSeconds,

            long backlogBatches,
            List<Derived> derived,
            List<SilenceOfSource> silences) {

        /** Anomalies, forecasts and the like. */
        record Derived(
                DerivedAnswer answer,
                Instant dataFreshAsOf,
                @About("When it is made anew.") @Nullable Instant due,
                long overdueSeconds,
                boolean stale) {

            static Derived of(DerivedFreshness derived) {
                return new Derived(
                        derived.answer(),
                        derived.dataFreshAsOf(),
                        derived.due(),
                        derived.overdue().toSeconds(),
                        derived.stale());
            }
        }

        /** When a source was heard of last. */
        record SilenceOfSource(String source, Instant lastReceivedAt) {}

        static FreshnessAnswer of(Freshness freshness) {
            return new FreshnessAnswer(
                    freshness.asOf(),
                    freshness.stale(),
                    freshness.lag().toSeconds(),
                    freshness.backlog().batches(),
                    freshness.derived().stream().map(Derived::of).toList(),
                    freshness.silences().stream()
                            .map(silence -> new SilenceOfSource(silence.source(), silence.lastReceivedAt()))
                            .toList());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/freshness", "getFreshness", "How old figures and derived answers are.")
                .needs(Permission.VIEW)
                .offers("SmartData.freshness")
                .errors(ErrorCode.UNKNOWN_ORG)
                .answers(FreshnessAnswer.class, this::freshness));
    }

    private FreshnessAnswer freshness(Call call) {
        return FreshnessAnswer.of(smartData.freshness(call.scope()));
    }
}
