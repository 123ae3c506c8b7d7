package io.smartdata.core.forecast.arima;

import io.smartdata.core.forecast.arima.SarimaOrder.Trend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The order with the least criterion near the ones usually good, step by step (Hyndman and Khandakar 2008): one or two orders
 * change by one, or the constant comes or goes, as long as that helps.
 */
final class OrderSearch {
    private static final int MOST_ORDERS = 3;
    private static final int MOST_SEASONAL_ORDERS = 2;
    private static final int MOST_COEFFICIENTS = 5;
    /** Models tried: the budget, since a count is the same on every machine. */
    private static final int MOST_MODELS = 40;

    /** Changes of p, q, P, Q. */
    private static final int[][] MOVES = {
        {1, 0, 0, 0},
        {-1, 0, 0, 0},
        {0, 1, 0, 0},
        {0, -1, 0, 0},
        {1, 1, 0, 0},
        {-1, -1, 0, 0},
        {1, -1, 0, 0},
        {-1, 1, 0, 0},
        {0, 0, 1, 0},
        {0, 0, -1, 0},
        {0, 0, 0, 1},
        {0, 0, 0, -1},
        {0, 0, 1, 1},
        {0, 0, -1, -1},
        {0, 0, 1, -1},
        {0, 0, -1, 1}
    };

    private final ToDoubleFunction<SarimaOrder> criterion;
    private final Differencing differencing;
    private final int season;
    private final Set<SarimaOrder> tried = new HashSet<>();
    private SarimaOrder best;
    private double least = Double.POSITIVE_INFINITY;

    /**
     * @param criterion to be small; NaN or infinite where a model cannot be fitted
     * @param season 1 for none
     */
    OrderSearch(Differencing differencing, int season, ToDoubleFunction<SarimaOrder> criterion) {
        this.criterion = criterion;
        this.differencing = differencing;
        this.season = season;
        this.best = order(0, 0, 0, 0, false);
    }

    /** The order found; that of pure differencing if none can be fitted. */
    SarimaOrder search() {
        boolean constant = differencing.d() + differencing.seasonalD() < 2;
        int seasonal = season > 1 ? 1 : 0;
        visit(order(2, 2, seasonal, seasonal, constant));
        visit(order(0, 0, 0, 0, constant));
        visit(order(1, 0, seasonal, 0, constant));
        visit(order(0, 1, 0, seasonal, constant));
        if (constant) {
            visit(order(0, 0, 0, 0, false));
        }
        Deque<SarimaOrder> next = neighbours(best);
        while (!next.isEmpty() && tried.size() < MOST_MODELS) {
            SarimaOrder before = best;
            visit(next.pop());
            next = best.equals(before) ? next : neighbours(best);
        }
        return best;
    }

    int models() {
        return tried.size();
    }

    private void visit(SarimaOrder order) {
        if (tried.add(order)) {
            double value = criterion.applyAsDouble(order);
            if (value < least) {
                least = value;
                best = order;
            }
        }
    }

    private Deque<SarimaOrder> neighbours(SarimaOrder of) {
        Deque<SarimaOrder> result = new ArrayDeque<>();
        boolean constant = of.trend() == Trend.CONSTANT;
        for (int[] move : MOVES) {
            int p = of.p() + move[0];
            int q = of.q() + move[1];
            int bigP = of.seasonalP() + move[2];
            int bigQ = of.seasonalQ() + move[3];
            if (allowed(p, q, MOST_ORDERS)
                    && allowed(bigP, bigQ, season > 1 ? MOST_SEASONAL_ORDERS : 0)
                    && p + q + bigP + bigQ <= MOST_COEFFICIENTS) {
                result.add(order(p, q, bigP, bigQ, constant));
            }
        }
        if (differencing.d() + differencing.seasonalD() < 2) {
            result.add(order(of.p(), of.q(), of.seasonalP(), of.seasonalQ(), !constant));
        }
        return result;
    }

    private static boolean allowed(int first, int second, int most) {
        return first >= 0 && first <= most && second >= 0 && second <= most;
    }

    private SarimaOrder order(int p, int q, int bigP, int bigQ, boolean constant) {
        SarimaOrder plain = SarimaOrder.of(p, differencing.d(), q);
        return (season > 1 ? plain.seasonal(bigP, differencing.seasonalD(), bigQ, season) : plain)
                .with(constant ? Trend.CONSTANT : Trend.NONE);
    }
}
