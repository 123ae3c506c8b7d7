package io.smartdata.storage;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditEntry;
import io.smartdata.forecast.Reliability;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was derived from KPIs. Nothing here is the truth: it can be computed again.
 *
 * @since 0.1.0
 */
public interface ResultStore {
    /**
     * Replaces the anomalies of some series in a range of local days, and what their detector remembers, in one transaction.
     * That they were looked for is kept also if none was found.
     */
    void replaceAnomalies(OrgScope scope, LocalDate from, LocalDate to, List<FoundAnomalies> found);

    /** What the detectors of some series remember, by series; one without a memory is left out. */
    Map<SeriesKey, FoundAnomalies.Memory> memories(OrgScope scope, Collection<SeriesKey> series);

    /** Anomalies in a range of local days, of one KPI or, if {@code kpi} is empty, of all; by KPI, source, bucket. */
    List<StoredAnomaly> anomalies(OrgScope scope, Optional<String> kpi, LocalDate from, LocalDate to);

    /** A page of the same, in the order of the store's texts, which is the same for every page. */
    List<StoredAnomaly> anomalies(OrgScope scope, AnomalyQuery query);

    /**
     * Keeps marks, each in place of one of the same kind, KPI and first day, in one transaction.
     *
     * @param entry written into the org's log in the same transaction
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    void mark(OrgScope scope, List<AlertMark> marks, AuditEntry entry);

    /**
     * Takes a mark back.
     *
     * @param entry written into the org's log in the same transaction, if there was such a mark
     * @return false if there was none
     */
    boolean unmark(OrgScope scope, AlertMark.Kind kind, String kpi, LocalDate from, AuditEntry entry);

    /** All marks of the org, by first day, kind and KPI. */
    List<AlertMark> marks(OrgScope scope);

    /**
     * Keeps what was learnt from one series, in one transaction: its forecast, the model behind it and how good that has
     * been, each in place of the one before.
     *
     * @throws IllegalArgumentException if forecast and model differ in series or in the moment they were learnt
     */
    void replaceForecast(OrgScope scope, StoredForecast forecast, StoredModel model, Reliability reliability);

    /**
     * Replaces forecasts by those that the same models made later, points included, in one transaction. One whose model has
     * been replaced meanwhile is left out.
     *
     * @return how many were replaced
     */
    int updateForecasts(OrgScope scope, List<StoredForecast> forecasts);

    /** Series whose model rests on {@code basis} and was learnt at {@code since} or later, in no order. */
    Set<SeriesKey> modelled(OrgScope scope, String basis, Instant since);

    /** Models of some series, in no order; a series without one is left out. */
    List<StoredModel> models(OrgScope scope, Collection<SeriesKey> series);

    /** How good the model of a series has been when it was learnt, if one was. */
    Optional<Reliability> reliability(OrgScope scope, SeriesKey series);

    /** The forecast of one series, if one was made. */
    Optional<StoredForecast> forecast(OrgScope scope, SeriesKey series);

    /** All forecasts of the org, by KPI and source. */
    List<StoredForecast> forecasts(OrgScope scope);

    /**
     * A page of the same, in the order of the store's texts, which is the same for every page.
     *
     * @param after the series with which the page before ended; null to start with the first
     * @param limit most to give, at least 1
     */
    List<StoredForecast> forecasts(OrgScope scope, @Nullable SeriesKey after, int limit);

    /**
     * How old the derived answers of an org are: the moment of the data behind the last run, of the series whose last run is
     * oldest. An answer that nobody derived since the KPI definitions in force were activated is absent.
     */
    Map<DerivedAnswer, Instant> derivedAsOf(OrgScope scope);

    /** As {@link #derivedAsOf(OrgScope)}, the oldest of all orgs. */
    Map<DerivedAnswer, Instant> derivedAsOf(SystemScope system);
}
