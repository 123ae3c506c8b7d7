package io.smartdata.storage;

import io.smartdata.anomaly.AlertMark;
import io.smartdata.audit.AuditEntry;
import io.smartdata.forecast.Reliability;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Anomalies, forecasts and what people say about them of {@link InMemoryStorage}. */
record InMemoryResults(InMemoryStorage storage) implements ResultStore {
    private static final Comparator<SeriesKey> SERIES = Comparator.comparing(SeriesKey::kpi)
            .thenComparing(SeriesKey::source)
            .thenComparing(SeriesKey::dimension);
    private static final Comparator<AnomalyQuery.Place> PLACES =
            Comparator.comparing(AnomalyQuery.Place::series, SERIES).thenComparing(AnomalyQuery.Place::bucket);

    /** What was derived from the events of one org. */
    static final class Answers {
        private final List<StoredAnomaly> anomalies = new ArrayList<>();
        private final List<AlertMark> marks = new ArrayList<>();
        private final Map<SeriesKey, FoundAnomalies.Memory> memories = new HashMap<>();
        private final Map<SeriesKey, StoredForecast> forecasts = new HashMap<>();
        private final Map<SeriesKey, StoredModel> models = new HashMap<>();
        private final Map<SeriesKey, Reliability> reliabilities = new HashMap<>();
        private final Map<DerivedAnswer, Map<SeriesKey, Instant>> derived = new EnumMap<>(DerivedAnswer.class);

        /** @param others are copied */
        void putAll(Answers others) {
            anomalies.addAll(others.anomalies);
            marks.addAll(others.marks);
            memories.putAll(others.memories);
            forecasts.putAll(others.forecasts);
            models.putAll(others.models);
            reliabilities.putAll(others.reliabilities);
            others.derived.forEach((answer, series) -> derived.put(answer, new HashMap<>(series)));
        }

        /** Nothing is known to be fresh any more. */
        void clearDerived() {
            derived.clear();
        }

        private void put(StoredForecast forecast) {
            derive(DerivedAnswer.FORECASTS, forecast.series(), forecast.dataFreshAsOf());
            forecasts.put(forecast.series(), forecast);
        }

        private void derive(DerivedAnswer answer, SeriesKey series, Instant dataFreshAsOf) {
            derived.computeIfAbsent(answer, absent -> new HashMap<>()).put(series, dataFreshAsOf);
        }
    }

    @Override
    public void replaceAnomalies(OrgScope scope, LocalDate from, LocalDate to, List<FoundAnomalies> found) {
        storage.change(scope, org -> {
            found.forEach(it -> {
                org.answers.derive(DerivedAnswer.ANOMALIES, it.series(), it.dataFreshAsOf());
                org.answers.anomalies.removeIf(
                        anomaly -> anomaly.series().equals(it.series()) && within(anomaly, from, to));
                org.answers.anomalies.addAll(it.anomalies());
                if (it.memory() != null) {
                    org.answers.memories.put(it.series(), it.memory());
                }
            });
            return true;
        });
    }

    @Override
    public Map<SeriesKey, FoundAnomalies.Memory> memories(OrgScope scope, Collection<SeriesKey> series) {
        return storage.answers(scope, answers -> {
            Map<SeriesKey, FoundAnomalies.Memory> found = new HashMap<>(answers.memories);
            found.keySet().retainAll(Set.copyOf(series));
            return found;
        });
    }

    @Override
    public void mark(OrgScope scope, List<AlertMark> marks, AuditEntry entry) {
        storage.change(scope, org -> {
            marks.forEach(mark -> {
                org.answers.marks.removeIf(other -> same(other, mark.kind(), mark.kpi(), mark.from()));
                org.answers.marks.add(mark);
            });
            org.audit.add(storage.now(), scope.caller(), entry);
            return true;
        });
    }

    @Override
    public boolean unmark(OrgScope scope, AlertMark.Kind kind, String kpi, LocalDate from, AuditEntry entry) {
        return storage.change(
                scope,
                org -> org.answers.marks.removeIf(mark -> same(mark, kind, kpi, from))
                        && org.audit.add(storage.now(), scope.caller(), entry));
    }

    private static boolean same(AlertMark mark, AlertMark.Kind kind, String kpi, LocalDate from) {
        return mark.kind() == kind && mark.kpi().equals(kpi) && mark.from().equals(from);
    }

    @Override
    public List<AlertMark> marks(OrgScope scope) {
        return storage.answers(
                scope,
                answers -> answers.marks.stream()
                        .sorted(Comparator.comparing(AlertMark::from)
                                .thenComparing(mark -> mark.kind().name())
                                .thenComparing(AlertMark::kpi))
                        .toList());
    }

    @Override
    public List<StoredAnomaly> anomalies(OrgScope scope, Optional<String> kpi, LocalDate from, LocalDate to) {
        return storage.answers(
                scope,
                answers -> answers.anomalies.stream()
                        .filter(anomaly -> within(anomaly, from, to)
                                && (kpi.isEmpty()
                                        || kpi.get().equals(anomaly.series().kpi())))
                        .sorted(Comparator.comparing(AnomalyQuery.Place::of, PLACES))
                        .toList());
    }

    @Override
    public List<StoredAnomaly> anomalies(OrgScope scope, AnomalyQuery query) {
        AnomalyQuery.Place after = query.after();
        return anomalies(scope, Optional.ofNullable(query.kpi()), query.from(), query.to()).stream()
                .filter(anomaly -> after == null || PLACES.compare(AnomalyQuery.Place.of(anomaly), after) > 0)
                .limit(query.limit())
                .toList();
    }

    @Override
    public void replaceForecast(OrgScope scope, StoredForecast forecast, StoredModel model, Reliability reliability) {
        if (!forecast.series().equals(model.series()) || !forecast.learntAt().equals(model.learntAt())) {
            throw new IllegalArgumentException("The forecast is of another model than " + model.series());
        }
        storage.change(scope, org -> {
            org.answers.put(forecast);
            org.answers.models.put(model.series(), model);
            return Optional.ofNullable(org.answers.reliabilities.put(model.series(), reliability));
        });
    }

    @Override
    public int updateForecasts(OrgScope scope, List<StoredForecast> forecasts) {
        return storage.change(scope, org -> {
            List<StoredForecast> current = forecasts.stream()
                    .filter(forecast -> org.answers.models.containsKey(forecast.series())
                            && org.answers
                                    .models
                                    .get(forecast.series())
                                    .learntAt()
                                    .equals(forecast.learntAt()))
                    .toList();
            current.forEach(org.answers::put);
            return current.size();
        });
    }

    @Override
    public Set<SeriesKey> modelled(OrgScope scope, String basis, Instant since) {
        return storage.answers(
                scope,
                answers -> answers.models.values().stream()
                        .filter(model ->
                                model.basis().equals(basis) && !model.learntAt().isBefore(since))
                        .map(StoredModel::series)
                        .collect(Collectors.toSet()));
    }

    @Override
    public List<StoredModel> models(OrgScope scope, Collection<SeriesKey> series) {
        return storage.answers(
                scope,
                answers -> series.stream()
                        .map(answers.models::get)
                        .filter(Objects::nonNull)
                        .toList());
    }

    @Override
    public Optional<Reliability> reliability(OrgScope scope, SeriesKey series) {
        return storage.answers(scope, answers -> Optional.ofNullable(answers.reliabilities.get(series)));
    }

    @Override
    public Optional<StoredForecast> forecast(OrgScope scope, SeriesKey series) {
        return storage.answers(scope, answers -> Optional.ofNullable(answers.forecasts.get(series)));
    }

    @Override
    public List<StoredForecast> forecasts(OrgScope scope) {
        return storage.answers(
                scope,
                answers -> answers.forecasts.values().stream()
                        .sorted(Comparator.comparing(StoredForecast::series, SERIES))
                        .toList());
    }

    @Override
    public List<StoredForecast> forecasts(OrgScope scope, @Nullable SeriesKey after, int limit) {
        return forecasts(scope).stream()
                .filter(forecast -> after == null || SERIES.compare(forecast.series(), after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<DerivedAnswer, Instant> derivedAsOf(OrgScope scope) {
        return storage.answers(scope, answers -> oldest(Stream.of(answers)));
    }

    @Override
    public Map<DerivedAnswer, Instant> derivedAsOf(SystemScope system) {
        return storage.answersOfAll(InMemoryResults::oldest);
    }

    private static Map<DerivedAnswer, Instant> oldest(Stream<Answers> all) {
        return all.flatMap(answers -> answers.derived.entrySet().stream())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Collections.min(entry.getValue().values()),
                        (a, b) -> a.isBefore(b) ? a : b));
    }

    private static boolean within(StoredAnomaly anomaly, LocalDate from, LocalDate to) {
        return anomaly.bucket().compareTo(from.toString()) >= 0
                && anomaly.bucket().compareTo(to.toString()) < 0;
    }
}
