package io.smartdata.core.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.forecast.CalendarEvents;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * How KPIs are forecast. Immutable; every method named {@code with} returns a changed copy.
 *
 * @param model spec used unless a KPI was asked for with another, as {@link Forecasters#of} takes it
 * @param threshold reliability score, 0 to 100, below which the baseline serves; 0 = never
 * @param thresholds the same by name of a KPI, for those that differ
 * @param maxModelAge an older model learns anew in the next nightly update
 * @param events days that matter, by org
 * @since 0.1.0
 */
public record ForecastSettings(
        String model,
        int threshold,
        Map<String, Integer> thresholds,
        Duration maxModelAge,
        Function<OrgId, CalendarEvents> events) {
    /** The model spec used unless another is asked for. */
    public static final String DEFAULT_MODEL = "auto";

    /** Two weekly re-estimations were missed. */
    private static final Duration USUAL_AGE = Duration.ofDays(15);

    public ForecastSettings {
        Forecasters.of(model);
        requireNonNull(events, "events");
        thresholds = Map.copyOf(thresholds);
        requireScore(threshold);
        thresholds.values().forEach(ForecastSettings::requireScore);
        if (maxModelAge.isNegative() || maxModelAge.isZero()) {
            throw new IllegalArgumentException("maxModelAge must be positive, was " + maxModelAge);
        }
    }

    private static void requireScore(int score) {
        if (score < 0 || score > 100) {
            throw new IllegalArgumentException("A threshold is a score from 0 to 100, was " + score);
        }
    }

    /** The model {@code auto}, no threshold, models of up to 15 days, no events. */
    public static ForecastSettings defaults() {
        return new ForecastSettings(DEFAULT_MODEL, 0, Map.of(), USUAL_AGE, org -> CalendarEvents.none());
    }

    /**
     * A copy with another model.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_model}
     */
    public ForecastSettings withModel(String spec) {
        return new ForecastSettings(spec, threshold, thresholds, maxModelAge, events);
    }

    /** A copy with another threshold for all KPIs that have none of their own; 0 = never the baseline. */
    public ForecastSettings withThreshold(int score) {
        return new ForecastSettings(model, score, thresholds, maxModelAge, events);
    }

    /** A copy with a threshold for one KPI; 0 = never the baseline. */
    public ForecastSettings withThreshold(String kpi, int score) {
        Map<String, Integer> more = new HashMap<>(thresholds);
        more.put(kpi, score);
        return new ForecastSettings(model, threshold, more, maxModelAge, events);
    }

    /** A copy with another age up to which a model serves. */
    public ForecastSettings withMaxModelAge(Duration age) {
        return new ForecastSettings(model, threshold, thresholds, age, events);
    }

    /** A copy with days that matter to all orgs. */
    public ForecastSettings withEvents(CalendarEvents days) {
        return withEvents(org -> days);
    }

    /**
     * A copy with days that matter, by org: holidays of its country, its sales.
     *
     * @param byOrg quick, thread-safe, the same answer every time as long as nothing has changed
     */
    public ForecastSettings withEvents(Function<OrgId, CalendarEvents> byOrg) {
        return new ForecastSettings(model, threshold, thresholds, maxModelAge, byOrg);
    }

    int thresholdOf(String kpi) {
        return thresholds.getOrDefault(kpi, threshold);
    }
}
