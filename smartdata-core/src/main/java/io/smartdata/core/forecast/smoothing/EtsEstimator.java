package io.smartdata.core.forecast.smoothing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    /**
     * What an undamped trend has to gain over the others, a value: about 5 % of the standard error. Without it long series
     * with a level shift get trends that run away; chosen by rolling origin on training data, see docs/forecast-smoothing.md.
     */
    private static final double PRICE_OF_ENDLESS_TREND = 0.1;

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
        this.y = Scale.divided(y, scale);
        this.filled = Scale.divided(filled, scale);
        this.season = season;
        this.scale = scale;
        this.observed = (int) Arrays.stream(y).filter(it -> !Double.isNaN(it)).count();
    }

    /**
     * Where a search ended.
     *
     * @param value minus twice the log-likelihood up to a constant
     * @param squares sum of squared errors
     */
    private record Candidate(
            EtsLayout layout, EtsLikelihood likelihood, double[] x, double value, double squares, boolean converged) {
        EtsForm form() {
            return layout.form();
        }

        double aicc() {
            // the scale is a parameter too
            double k = x.length + 1;
            double n = likelihood.observed();
            return value + 2 * k + 2 * k * (k + 1) / (n - k - 1);
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
                .min(Comparator.comparingDouble(candidate -> candidate.aicc() + price(candidate.form())))
                .map(this::precise)
                .map(this::fit);
    }

    private double price(EtsForm form) {
        return form.trend() == EtsForm.Trend.ADDITIVE ? PRICE_OF_ENDLESS_TREND * observed : 0;
    }

    /** From the best start alone. */
    private Candidate rough(EtsForm form) {
        EtsLayout layout = new EtsLayout(form, form.seasonal() ? season : 1);
        EtsLikelihood likelihood = new EtsLikelihood(layout, y);
        return searched(layout, likelihood, starts(layout, likelihood).get(0), ROUGH, ROUGH_STEPS);
    }

    /** From where the rough search ended and from the other starts: the surface has several summits. */
    private Candidate precise(Candidate rough) {
        EtsLayout layout = rough.layout();
        EtsLikelihood likelihood = rough.likelihood();
        List<double[]> starts = new ArrayList<>(starts(layout, likelihood));
        starts.set(0, rough.x());
        return starts.stream()
                .map(x -> searched(layout, likelihood, x, PRECISE, PRECISE_STEPS))
                .min(Comparator.comparingDouble(Candidate::aicc))
                .orElseThrow();
    }

    private static Candidate searched(
            EtsLayout layout, EtsLikelihood likelihood, double[] x, double tolerance, int steps) {
        LeastSquares search = new LeastSquares(likelihood, layout.lower(), layout.upper());
        search.minimise(x, tolerance, steps);
        return new Candidate(layout, likelihood, x, likelihood.value(x), likelihood.squares(), search.converged());
    }

    private record Start(double[] x, double value) {}

    /** For every alpha of a coarse grid the best other constants; the most likely first. */
    private List<double[]> starts(EtsLayout layout, EtsLikelihood likelihood) {
        EtsForm form = layout.form();
        EtsState start = EtsStart.of(form, layout.season(), filled);
        List<Start> result = new ArrayList<>();
        for (double alpha : ALPHAS) {
            double least = Double.POSITIVE_INFINITY;
            double[] best = layout.vector(alpha, PARTS[0], PARTS[0], PHI, start);
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
            result.add(new Start(best, least));
        }
        return result.stream()
                .sorted(Comparator.comparingDouble(Start::value))
                .map(Start::x)
                .toList();
    }

    private EtsFit fit(Candidate candidate) {
        double[] x = candidate.x();
        EtsLayout layout = candidate.layout();
        EtsForm form = layout.form();
        double n = observed;
        double squares = candidate.squares();
        double constant = n * (1 + Math.log(2 * Math.PI / n)) + 2 * n * Math.log(scale);
        double sigma = Math.sqrt(squares / Math.max(1, n - x.length)) * (form.relative() ? 1 : scale);
        return new EtsFit(
                form,
                layout.smoothing(x),
                layout.start(x).scaled(scale, form.product()),
                sigma,
                -0.5 * (candidate.value() + constant),
                candidate.aicc() + constant,
                candidate.converged());
    }
}
