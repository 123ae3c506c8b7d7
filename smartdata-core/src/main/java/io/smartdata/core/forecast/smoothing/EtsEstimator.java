package io.smartdata.core.forecast.smoothing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Estimates forms on one series by maximum likelihood and chooses by Akaike's corrected criterion (Hyndman, Koehler, Snyder
 * and Grose 2002). First roughly all forms, then the best precisely.
 */
final class EtsEstimator {
    private static final double[] ALPHAS = {0.05, 0.2, 0.5, 0.9};
    private static final double[] PARTS = {0.02, 0.2};
    private static final double PHI = 0.95;

    /** In units of twice the log-likelihood. */
    private static final double ROUGH = 0.05;

    private static final int ROUGH_STEPS = 12;
    private static final double PRECISE = 1e-7;
    private static final int PRECISE_STEPS = 100;

    private final double[] y;
    private final double[] filled;
    private final int season;
    private final double scale;
    private final int observed;

    /**
     * @param y NaN = gap
     * @param filled the same without gaps
     * @param season length of the cycle, 1 for none
     * @param scale a typical absolute value, above 0
     */
    EtsEstimator(double[] y, double[] filled, int season, double scale) {
        this.y = Arrays.stream(y).map(it -> it / scale).toArray();
        this.filled = Arrays.stream(filled).map(it -> it / scale).toArray();
        this.season = season;
        this.scale = scale;
        this.observed = (int) Arrays.stream(y).filter(it -> !Double.isNaN(it)).count();
    }

    private record Candidate(
            EtsForm form, EtsLayout layout, EtsLikelihood likelihood, LeastSquares search, double[] x) {
        double aicc() {
            // the scale is a parameter too
            double k = x.length + 1;
            double n = likelihood.observed();
            return search.value() + 2 * k + 2 * k * (k + 1) / (n - k - 1);
        }
    }

    /** True if there are more values than the criterion needs. */
    boolean enough(EtsForm form) {
        int length = form.seasonal() ? season : 1;
        return observed > new EtsLayout(form, length).size() + 3 && (!form.seasonal() || y.length >= 2 * season);
    }

    /** The best of some forms; empty if none can be fitted. */
    Optional<EtsFit> best(List<EtsForm> forms) {
        return forms.stream()
                .map(this::rough)
                .filter(candidate -> Double.isFinite(candidate.aicc()))
                .min((a, b) -> Double.compare(a.aicc(), b.aicc()))
                .map(this::precise);
    }

    private Candidate rough(EtsForm form) {
        EtsLayout layout = new EtsLayout(form, form.seasonal() ? season : 1);
        EtsLikelihood likelihood = new EtsLikelihood(layout, y);
        LeastSquares search = new LeastSquares(likelihood, layout.lower(), layout.upper());
        Candidate candidate = new Candidate(form, layout, likelihood, search, startingPoint(layout, likelihood));
        search.minimise(candidate.x(), ROUGH, ROUGH_STEPS);
        return candidate;
    }

    /** The best of a coarse grid of constants. */
    private double[] startingPoint(EtsLayout layout, EtsLikelihood likelihood) {
        EtsForm form = layout.form();
        EtsState start = EtsStart.of(form, layout.season(), filled);
        double[] best = layout.vector(ALPHAS[0], PARTS[0], PARTS[0], PHI, start);
        double least = Double.POSITIVE_INFINITY;
        for (double alpha : ALPHAS) {
            for (int i = 0; i < (form.trended() ? PARTS.length : 1); i++) {
                for (int j = 0; j < (form.seasonal() ? PARTS.length : 1); j++) {
                    double[] x = layout.vector(alpha, PARTS[i], PARTS[j], PHI, start);
                    double value = likelihood.value(x);
                    if (value < least) {
                        least = value;
                        best = x;
                    }
                }
            }
        }
        return best;
    }

    private EtsFit precise(Candidate candidate) {
        candidate.search().minimise(candidate.x(), PRECISE, PRECISE_STEPS);
        double[] x = candidate.x();
        EtsForm form = candidate.form();
        EtsLayout layout = candidate.layout();
        double n = observed;
        double squares = candidate.likelihood().squares();
        double constant = n * (1 + Math.log(2 * Math.PI / n)) + 2 * n * Math.log(scale);
        double sigma = Math.sqrt(squares / Math.max(1, n - x.length)) * (form.relative() ? 1 : scale);
        return new EtsFit(
                form,
                layout.smoothing(x),
                layout.start(x).scaled(scale, form.product()),
                sigma,
                -0.5 * (candidate.search().value() + constant),
                candidate.aicc() + constant,
                candidate.search().converged());
    }
}
