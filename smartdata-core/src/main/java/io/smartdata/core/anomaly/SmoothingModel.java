package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Exponential smoothing of level, damped trend and seasonal profile that outliers hardly move: an error beyond
 * {@link #CLIP} sigma counts as one of that size.
 * Source: Gelper, Fried and Croux, "Robust forecasting with exponential and Holt-Winters smoothing", J. Forecasting 2010.
 *
 * <p>The first season is only collected; from the second on the model predicts. A run of errors on the same side loosens
 * the clipping, so that a new level is accepted instead of being an outlier for ever. Rates start at 1 / n, so that the
 * first values weigh the same. All rates below were chosen on the developer half of the public and generated corpora.
 */
final class SmoothingModel {
    private static final double CLIP = 2.5;
    private static final double DAMPING = 0.9;
    private static final double TREND_RATE = 0.02;
    private static final double SEASON_RATE = 0.12;
    private static final double SIGMA_RATE = 0.007;
    private static final double SPREAD_RATE = 0.1;
    private static final double LOSS_RATE = 0.01;

    /** Errors beyond this many sigma count as that many for sigma, and one more for the loss. */
    private static final double SIGMA_CLIP = 3;

    /** Outliers on the same side that are clipped before a new level is suspected. */
    private static final int PATIENCE = 3;

    /** Values averaged before a model without season predicts. */
    private static final int COLLECTED = 8;

    /** Predictions before errors are clipped: until then sigma is a guess. */
    private static final int UNCLIPPED = 4;

    /** Widens sigma by this share over the number of predictions it comes from. */
    private static final double CAUTION = 3;

    /** Turns the mean absolute error, clipped at 3 sigma, into sigma. */
    private static final double ERROR_TO_SIGMA = 1.02 * Robust.MEAN_DEVIATION_TO_SIGMA;

    private final int season;
    private final double levelRate;
    private final float[] profile;
    private final float[] spread;
    private final byte[] visits;
    private double level;
    private double trend;
    private double sigma;
    private double loss;
    private int count;
    private int predicted;
    private int run;

    /** @param season in steps, 0 = none; @param levelRate from 0 to 1 */
    SmoothingModel(int season, double levelRate) {
        this.season = season;
        this.levelRate = levelRate;
        this.profile = new float[season];
        this.spread = new float[season];
        this.visits = new byte[season];
    }

    int season() {
        return season;
    }

    double levelRate() {
        return levelRate;
    }

    /** Recent mean absolute error of one step, clipped. */
    double loss() {
        return loss;
    }

    double prediction(long slot) {
        return level + DAMPING * trend + (season > 0 ? profile[phase(slot)] : 0);
    }

    /** True if there were predictions enough, and a value in this phase of the season. */
    boolean ready(long slot) {
        return predicted >= Math.max(COLLECTED - 1, season - season / 4) && (season == 0 || visits[phase(slot)] > 0);
    }

    /** Standard deviation of the errors: half that of all, half that of this phase; wider while little is known. */
    double sigma(long slot) {
        double known = season > 0 ? (sigma + spread[phase(slot)]) / 2 : sigma;
        return known * (1 + CAUTION / predicted);
    }

    /** Moves the level at once, as after a shift that has lasted. */
    void shift(double by) {
        level += by;
        trend = 0;
        run = 0;
    }

    void add(long slot, double value) {
        if (count < Math.max(COLLECTED, season)) {
            collect(slot, value);
        } else if (season > 0 && visits[phase(slot)] == 0) {
            profile[phase(slot)] = (float) (value - level);
            visits[phase(slot)] = 1;
        } else {
            learn(slot, value - prediction(slot));
        }
        count++;
    }

    private void collect(long slot, double value) {
        level += (value - level) / (count + 1);
        if (season == 0) {
            return;
        }
        profile[phase(slot)] = (float) value;
        visits[phase(slot)] = 1;
        if (count + 1 == Math.max(COLLECTED, season)) {
            for (int phase = 0; phase < season; phase++) {
                profile[phase] = visits[phase] == 0 ? 0 : (float) (profile[phase] - level);
            }
        }
    }

    private void learn(long slot, double error) {
        double size = Math.abs(error);
        boolean young = predicted < UNCLIPPED;
        run = size <= CLIP * sigma ? 0 : error > 0 ? Math.max(1, run + 1) : Math.min(-1, run - 1);
        double reach = young ? Double.POSITIVE_INFINITY : CLIP * sigma * (1 + Math.max(0, Math.abs(run) - PATIENCE));
        double clipped = Math.copySign(Math.min(reach, size), error);
        double rate = Math.max(levelRate, 1.0 / (count + 1));
        level += DAMPING * trend + rate * clipped;
        trend = DAMPING * trend + rate * TREND_RATE * clipped;
        if (season > 0) {
            learnPhase(phase(slot), (1 - rate) * clipped, size);
        }
        double bounded = young ? size : Math.min(size, SIGMA_CLIP * sigma);
        sigma += rate(SIGMA_RATE) * (ERROR_TO_SIGMA * bounded - sigma);
        loss += rate(LOSS_RATE) * (Math.min(size, (SIGMA_CLIP + 1) * sigma) - loss);
        predicted++;
    }

    private void learnPhase(int phase, double remaining, double size) {
        profile[phase] += (float) (Math.max(SEASON_RATE, 1.0 / (visits[phase] + 1)) * remaining);
        visits[phase] = (byte) Math.min(visits[phase] + 1, Byte.MAX_VALUE);
        if (visits[phase] <= 2) {
            spread[phase] = (float) sigma;
        }
        double bounded = Math.min(size, SIGMA_CLIP * Math.max(sigma, spread[phase]));
        spread[phase] += (float) (SPREAD_RATE * (ERROR_TO_SIGMA * bounded - spread[phase]));
    }

    private double rate(double slowest) {
        return Math.max(slowest, 1.0 / (predicted + 1));
    }

    private int phase(long slot) {
        return (int) Math.floorMod(slot, (long) season);
    }

    void write(DataOutputStream out) throws IOException {
        for (int phase = 0; phase < season; phase++) {
            out.writeFloat(profile[phase]);
            out.writeFloat(spread[phase]);
            out.writeByte(visits[phase]);
        }
        out.writeDouble(level);
        out.writeDouble(trend);
        out.writeDouble(sigma);
        out.writeDouble(loss);
        out.writeInt(count);
        out.writeInt(predicted);
        out.writeInt(run);
    }

    void read(DataInputStream in) throws IOException {
        for (int phase = 0; phase < season; phase++) {
            profile[phase] = in.readFloat();
            spread[phase] = in.readFloat();
            visits[phase] = in.readByte();
        }
        level = in.readDouble();
        trend = in.readDouble();
        sigma = in.readDouble();
        loss = in.readDouble();
        count = in.readInt();
        predicted = in.readInt();
        run = in.readInt();
    }
}
