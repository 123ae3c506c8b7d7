package io.smartdata.core.jobs;

import io.smartdata.core.anomaly.Anomalies;
import io.smartdata.core.anomaly.JudgedKpi;
import io.smartdata.tenancy.OrgScope;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nightly search for anomalies in an org: first all KPIs are judged, some in a piece, which changes nothing; then, when
 * it is known which anomalies are alerts, what was found is kept, many KPIs in a piece. A node that takes the run over judges
 * again and keeps what was not kept.
 */
final class AnomalyNight implements Iterator<JobPiece> {
    /** So many histories are read together: of hours they take some hundred megabytes, of days some. */
    private static final int JUDGED_A_PIECE = 50;

    /** Takes a fraction of a second, as one transaction should. */
    private static final int KEPT_A_PIECE = 500;

    private final Function<OrgScope, Anomalies> anomalies;
    private final List<String> kpis;
    private final LocalDate from;
    private final LocalDate to;
    private final List<JudgedKpi> judged = new ArrayList<>();
    private @Nullable List<JudgedKpi> decided;
    private int nextToJudge;
    private int nextToKeep;

    /** @param kpis all of the org */
    AnomalyNight(Function<OrgScope, Anomalies> anomalies, List<String> kpis, LocalDate from, LocalDate to) {
        this.anomalies = anomalies;
        this.kpis = kpis;
        this.from = from;
        this.to = to;
    }

    @Override
    public boolean hasNext() {
        return nextToJudge < kpis.size() || nextToKeep < judged.size();
    }

    @Override
    public JobPiece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return nextToJudge < kpis.size() ? judge() : keep();
    }

    /** KPIs of a piece that fails stay as they were found last. */
    private JobPiece judge() {
        List<String> piece = kpis.subList(nextToJudge, Math.min(nextToJudge + JUDGED_A_PIECE, kpis.size()));
        nextToJudge += piece.size();
        return JobPiece.repeatable(scope -> {
            judged.addAll(anomalies.apply(scope).judge(piece, from, to));
            return 0;
        });
    }

    /** The unit names exactly these KPIs: where a run begun by another node had others, they are kept again. */
    private JobPiece keep() {
        int first = nextToKeep;
        int end = Math.min(first + KEPT_A_PIECE, judged.size());
        nextToKeep = end;
        int names = judged.subList(first, end).stream()
                .map(kpi -> kpi.kpi().name())
                .toList()
                .hashCode();
        return JobPiece.once("anomalies of KPIs %d to %d, %08x".formatted(first, end, names), scope -> {
            List<JudgedKpi> piece = decided(scope).subList(first, end);
            anomalies.apply(scope).keep(piece, from, to);
            return piece.stream().mapToLong(kpi -> kpi.anomalies().size()).sum();
        });
    }

    /** Once all are judged. */
    private List<JudgedKpi> decided(OrgScope scope) {
        List<JudgedKpi> known = decided;
        if (known == null) {
            known = anomalies.apply(scope).withIncidents(judged);
            decided = known;
        }
        return known;
    }
}
