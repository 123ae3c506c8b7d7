package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Anomalies and forecasts. */
public abstract class ResultStoreContract extends StorageContract {
    private static final SeriesKey REVENUE = SeriesKey.of("revenue");
    private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);
    private static final LocalDate APRIL = LocalDate.of(2026, 4, 1);
    private static final Instant FRESH = Instant.parse("2026-04-02T03:04:05.678901Z");

    private static StoredAnomaly anomaly(SeriesKey series, String bucket) {
        return new StoredAnomaly(
                series, bucket, 1.5, 2.25, -0.125, 1e9, -6.1, "HIGH", "DIP", "lowest 'Monday'", "auto 1", FRESH);
    }

    private static StoredForecast forecast(String model, @Nullable Integer score, int points) {
        StoredForecast.Point point = new StoredForecast.Point("2026-04-01", 1, 0.5, 1.5, 0.25, 1.75);
        return new StoredForecast(
                REVENUE,
                model,
                score == null ? "too short" : null,
                score,
                score == null ? "N/A" : "B",
                FRESH,
                Collections.nCopies(points, point));
    }

    @Test
    void anomaliesReplaceThoseOfTheirRangeAndSeriesOnly() {
        OrgScope acme = org("acme");
        SeriesKey other = new SeriesKey("revenue", "app", "country=DE");
        replace(acme, REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-05"), anomaly(REVENUE, "2026-03-20T23+02:00"));
        replace(acme, other, MARCH, APRIL, anomaly(other, "2026-03-05"));
        replace(acme, REVENUE, LocalDate.of(2026, 3, 10), APRIL, anomaly(REVENUE, "2026-03-11"));
        assertThat(storage().results().anomalies(acme, Optional.of("revenue"), MARCH, APRIL))
                .containsExactly(
                        anomaly(REVENUE, "2026-03-05"), anomaly(REVENUE, "2026-03-11"), anomaly(other, "2026-03-05"));
        assertThat(storage().results().anomalies(acme, Optional.of("orders"), MARCH, APRIL))
                .isEmpty();
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, MARCH.plusDays(5)))
                .hasSize(2);
    }

    private void replace(OrgScope scope, SeriesKey series, LocalDate from, LocalDate to, StoredAnomaly... found) {
        storage().results().replaceAnomalies(scope, series, from, to, List.of(found), FRESH);
    }

    @Test
    void aForecastReplacesTheOneBeforePointsIncluded() {
        OrgScope acme = org("acme");
        storage().results().replaceForecast(acme, forecast("sarimax(1,1,1)", 71, 14));
        storage().results().replaceForecast(acme, forecast("constant", null, 3));
        assertThat(storage().results().forecast(acme, REVENUE)).contains(forecast("constant", null, 3));
        assertThat(storage().results().forecasts(acme)).containsExactly(forecast("constant", null, 3));
    }

    @Test
    void anAnswerIsAsOldAsTheSeriesWhoseLastRunIsOldest() {
        OrgScope acme = org("acme");
        SeriesKey orders = SeriesKey.of("orders");
        replaceAsOf(acme, REVENUE, FRESH);
        replaceAsOf(acme, orders, FRESH.plusSeconds(60));
        assertThat(storage().results().derivedAsOf(acme)).containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH));
        replaceAsOf(acme, REVENUE, FRESH.plusSeconds(120));
        storage().results().replaceForecast(acme, forecast("constant", null, 1));
        assertThat(storage().results().derivedAsOf(acme))
                .containsOnly(
                        entry(DerivedAnswer.ANOMALIES, FRESH.plusSeconds(60)), entry(DerivedAnswer.FORECASTS, FRESH));
    }

    @Test
    void theOldestOfAllOrgsIsForTheSystem() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        replaceAsOf(acme, REVENUE, FRESH);
        replaceAsOf(globex, REVENUE, FRESH.minusSeconds(1));
        assertThat(storage().results().derivedAsOf(acme)).containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH));
        assertThat(storage().results().derivedAsOf(system()))
                .containsExactly(entry(DerivedAnswer.ANOMALIES, FRESH.minusSeconds(1)));
        assertThat(storage().results().derivedAsOf(scope("nobody"))).isEmpty();
    }

    @Test
    void anAnswerIsNotDerivedFromTheDefinitionsOfANewGeneration() {
        OrgScope acme = org("acme");
        replaceAsOf(acme, REVENUE, FRESH);
        storage().orgs().activate(acme, ZoneOffset.UTC, List.of(), backfill -> {});
        assertThat(storage().results().derivedAsOf(acme)).isEmpty();
    }

    /** A run that found nothing. */
    private void replaceAsOf(OrgScope scope, SeriesKey series, Instant dataFreshAsOf) {
        storage().results().replaceAnomalies(scope, series, MARCH, APRIL, List.of(), dataFreshAsOf);
    }

    @Test
    void resultsOfAnotherOrgAreUnknown() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        storage().results().replaceForecast(globex, forecast("constant", null, 1));
        replace(globex, REVENUE, MARCH, APRIL, anomaly(REVENUE, "2026-03-05"));
        assertThat(storage().results().forecast(acme, REVENUE)).isEmpty();
        assertThat(storage().results().forecasts(acme)).isEmpty();
        assertThat(storage().results().anomalies(acme, Optional.empty(), MARCH, APRIL))
                .isEmpty();
    }
}
