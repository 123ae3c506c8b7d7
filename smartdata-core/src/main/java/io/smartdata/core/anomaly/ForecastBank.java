package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Robust smoothers of one series that run side by side, one for each season (and none) and level rate; the one with the
 * smallest recent error forecasts the next value. A wrong season costs more than any other choice, so the data decide.
 *
 * <p>Values are modelled by their square root, which steadies the noise of counts and sums, until the third negative
 * value: then the history starts anew without the root.
 */
final class ForecastBank {
    private static final double SLOW = 0.015;
    private static final double QUICK = 0.05;

    /** A quick level follows an anomaly, so it must predict this much better for each unit of rate. */
    private static final double QUICK_HANDICAP = 2;

    /** A season wins unless the smoother without it is at least so much better. */
    private static final double SEASON_BONUS = 0.95;

    /** Smallest sigma, as a share of the usual size of the (rooted) value. */
    private static final double SMALLEST_SIGMA = 1e-3;

    /** Keeps a division by the sigma of zeros finite. */
    private static final double TINY = 1e-12;

    /** A single negative value is a glitch, more of them are the nature of the series. */
    private static final int NEGATIVES_TO_DROP_ROOT = 3;

    private static final double SIZE_RATE = 0.02;

    private final int[] seasons;
    private final int shortestHistory;
    private SmoothingModel[] slow;
    private SmoothingModel[] quick;
    private boolean root = true;
    private int negatives;
    private int count;
    private double size;

    /**
     * @param seasons in steps
     * @param always true if a season is used as soon as it can be, however it does
     */
    ForecastBank(List<Integer> seasons, boolean always, int shortestHistory) {
        this.seasons = (always && !seasons.isEmpty() ? seasons.stream() : Stream.concat(seasons.stream(), Stream.of(0)))
                .mapToInt(Integer::intValue)
                .toArray();
        this.shortestHistory = shortestHistory;
        this.slow = models(SLOW);
        this.quick = models(QUICK);
    }

    private SmoothingModel[] models(double rate) {
        SmoothingModel[] models = new SmoothingModel[seasons.length];
        for (int i = 0; i < models.length; i++) {
            models[i] = new SmoothingModel(seasons[i], rate);
        }
        return models;
    }

    /**
     * What is expected, in the (rooted) unit of the models.
     *
     * @param center most likely value
     * @param sigma of the values around it
     * @param slowCenter the same from the slow level
     * @param slowSigma of the values around that
     * @param plainCenter the same without season
     * @param season in steps, 0 = none
     */
    record Forecast(double center, double sigma, double slowCenter, double slowSigma, double plainCenter, int season) {}

    /** Null if the history is too short. */
    @Nullable
    Forecast forecast(long slot) {
        int best = -1;
        boolean slowly = true;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seasons.length && count >= shortestHistory; i++) {
            if (slow[i].ready(slot)) {
                double slowLoss = handicapped(slow[i]);
                double quickLoss = handicapped(quick[i]);
                if (Math.min(slowLoss, quickLoss) < least || best < 0) {
                    least = Math.min(slowLoss, quickLoss);
                    best = i;
                    slowly = slowLoss <= quickLoss;
                }
            }
        }
        if (best < 0) {
            return null;
        }
        double floor = SMALLEST_SIGMA * size + TINY;
        SmoothingModel model = slowly ? slow[best] : quick[best];
        return new Forecast(
                model.prediction(slot),
                Math.max(model.sigma(slot), floor),
                slow[best].prediction(slot),
                Math.max(slow[best].sigma(slot), floor),
                slow[seasons.length - 1].prediction(slot),
                model.season());
    }

    private static double handicapped(SmoothingModel model) {
        return model.loss() * (1 + QUICK_HANDICAP * model.levelRate()) * (model.season() > 0 ? SEASON_BONUS : 1);
    }

    /** True if this value ends the use of the root: what was learned of errors before is void. */
    boolean add(long slot, double value) {
        negatives += value < 0 ? 1 : 0;
        boolean restart = root && negatives == NEGATIVES_TO_DROP_ROOT;
        if (restart) {
            root = false;
            slow = models(SLOW);
            quick = models(QUICK);
            count = 0;
            size = 0;
        }
        double y = modelled(value);
        for (int i = 0; i < seasons.length; i++) {
            slow[i].add(slot, y);
            quick[i].add(slot, y);
        }
        count++;
        size += Math.max(SIZE_RATE, 1.0 / count) * (Math.abs(y) - size);
        return restart;
    }

    /** Moves the slow levels at once; the quick ones follow by themselves. */
    void shift(double by) {
        for (SmoothingModel model : slow) {
            model.shift(by);
        }
    }

    double modelled(double value) {
        return root ? Math.copySign(Math.sqrt(Math.abs(value)), value) : value;
    }

    double original(double modelled) {
        return root ? Math.copySign(modelled * modelled, modelled) : modelled;
    }

    int count() {
        return count;
    }

    /** Usual absolute value, in the unit of the models. */
    double size() {
        return size;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeBoolean(root);
        out.writeInt(negatives);
        out.writeInt(count);
        out.writeDouble(size);
        for (int i = 0; i < seasons.length; i++) {
            slow[i].write(out);
            quick[i].write(out);
        }
    }

    void read(DataInputStream in) throws IOException {
        root = in.readBoolean();
        negatives = in.readInt();
        count = in.readInt();
        size = in.readDouble();
        for (int i = 0; i < seasons.length; i++) {
            slow[i].read(in);
            quick[i].read(in);
        }
    }
}
