package io.smartdata.core.jobs;

import io.smartdata.core.forecast.Forecasts;
import io.smartdata.tenancy.OrgScope;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * The nightly forecasts of an org: first the KPIs whose models only have to be run, many in a piece, then those that have to
 * learn, which takes a thousand times as long, one in a piece. What a run turns out not to fit joins the latter.
 */
final class ForecastUpdate implements Iterator<JobPiece> {
    /** Takes a fraction of a second, as one transaction should. */
    private static final int KPIS_A_PIECE = 500;

    /** Of the first KPI's name; what follows tells the pieces apart all the same. */
    private static final int MOST_OF_A_NAME = 200;

    private final Function<OrgScope, Forecasts> forecasts;
    private final int horizon;
    private final List<String> updated;
    private final Queue<String> learning = new ArrayDeque<>();
    private int next;

    /**
     * @param kpis all of the org
     * @param updatable those that probably need not learn
     */
    ForecastUpdate(Function<OrgScope, Forecasts> forecasts, int horizon, List<String> kpis, Set<String> updatable) {
        this.forecasts = forecasts;
        this.horizon = horizon;
        this.updated = kpis.stream().filter(updatable::contains).toList();
        kpis.stream().filter(kpi -> !updatable.contains(kpi)).forEach(learning::add);
    }

    @Override
    public boolean hasNext() {
        return next < updated.size() || !learning.isEmpty();
    }

    @Override
    public JobPiece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (next == updated.size()) {
            return learning(learning.remove());
        }
        List<String> piece = updated.subList(next, Math.min(next + KPIS_A_PIECE, updated.size()));
        next += piece.size();
        return update(piece);
    }

    /** The unit names exactly these KPIs: where a run begun by another node had others, they are updated again. */
    private JobPiece update(List<String> piece) {
        String first = piece.get(0);
        String unit = "%d models from %s, %08x"
                .formatted(
                        piece.size(), first.substring(0, Math.min(first.length(), MOST_OF_A_NAME)), piece.hashCode());
        return JobPiece.once(unit, scope -> {
            List<String> leftOut = forecasts.apply(scope).update(piece, horizon);
            learning.addAll(leftOut);
            return piece.size() - leftOut.size();
        });
    }

    private JobPiece learning(String kpi) {
        return JobPiece.once(kpi, scope -> {
            forecasts.apply(scope).reestimate(kpi, horizon);
            return 1;
        });
    }
}
