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
 * the clipping, so that a new level is accepted instead of being called an outlier for ever.
 */
final class SmoothingModel {
    static double CLIP = 2.5;
    static double DAMPING = 0.9;
    static double TREND_RATE = 0.02;
    static double SEASON_RATE = 0.12;
    static double SIGMA_RATE = 0.015;
    static double LOSS_RATE = 0.01;
    static double PATIENCE = 6;
    static double SPREAD_WEIGHT = 0.5, SPREAD_MIN = 0.3, SPREAD_RATE = 0.1;
    static int COLLECT = 8;

    private final int season;
    private final double levelRate;
    private final float[] profile;
    private final float[] spread;
    private final byte[] visits;
    private double level;
    private double trend;
    private double sigma;
    private double loss;
    private double sum;
    private int count;
    private int predicted;
    private int run;

    SmoothingModel(int season, double levelRate) {
        this.season = season;
        this.levelRate = levelRate;
        this.profile = new float[season];
        this.spread = new float[season];
        this.visits = new byte[season];
    }

    double levelRate() {
        return levelRate;
    }

    int season() {
        return season;
    }

    boolean predicting() {
        return count >= Math.max(COLLECT, season);
    }

    int predicted() {
        return predicted;
    }

    double loss() {
        return loss;
    }

    double prediction(long slot) {
        double base = level + DAMPING * trend;
        if (season == 0) {
            return base;
        }
        return base + profile[phase(slot)];
    }

    double sigma(long slot) {
        return season == 0 || SPREAD_WEIGHT == 0 ? sigma : Math.max(sigma * SPREAD_MIN, sigma + SPREAD_WEIGHT * (spread[phase(slot)] - sigma));
    }

    void add(long slot, double value) {
        if (predicting()) {
            learn(slot, value);
        } else {
            collect(slot, value);
        }
        count++;
    }

    private void collect(long slot, double value) {
        sum += value;
        level = sum / (count + 1);
        if (season > 0) {
            int phase = phase(slot);
            profile[phase] = (float) value;
            visits[phase] = 1;
        }
        if (season > 0 && count + 1 == Math.max(COLLECT, season)) {
            for (int i = 0; i < season; i++) {
                profile[i] = visits[i] == 0 ? 0 : (float) (profile[i] - level);
            }
        }
    }

    private void learn(long slot, double value) {
        double error = value - prediction(slot);
        double size = Math.abs(error);
        run = size > CLIP * sigma && predicted > 0 ? (error > 0 ? Math.max(1, run + 1) : Math.min(-1, run - 1)) : 0;
        double reach = predicted < 4 ? Double.POSITIVE_INFINITY : CLIP * sigma * (1 + Math.max(0, Math.abs(run) - PATIENCE));
        double clipped = Math.max(-reach, Math.min(reach, error));
        double rate = Math.max(levelRate, 1.0 / (count + 1));
        level += DAMPING * trend + rate * clipped;
        trend = DAMPING * trend + rate * TREND_RATE * clipped;
        if (season > 0) {
            int phase = phase(slot);
            double seasonRate = Math.max(SEASON_RATE, 1.0 / (visits[phase] + 1));
            profile[phase] += (float) (seasonRate * (1 - rate) * clipped);
            if (visits[phase] < Byte.MAX_VALUE) {
                visits[phase]++;
            }
        }
        double bounded = predicted < 4 ? size : Math.min(size, 3 * sigma);
        double sigmaRate = Math.max(SIGMA_RATE, 1.0 / (predicted + 1));
        sigma += sigmaRate * (1.2533 * 1.02 * bounded - sigma);
        if (season > 0) {
            int phase = phase(slot);
            if (visits[phase] <= 2) spread[phase] = (float) sigma;
            spread[phase] += (float) (SPREAD_RATE * (1.2533 * 1.02 * Math.min(size, 3 * Math.max(sigma,spread[phase])) - spread[phase]));
        }
        double lossRate = Math.max(LOSS_RATE, 1.0 / (predicted + 1));
        loss += lossRate * (Math.min(size, Math.max(4 * sigma, 1e-300)) - loss);
        predicted++;
    }

    private int phase(long slot) {
        return (int) Math.floorMod(slot, (long) season);
    }

    void write(DataOutputStream out) throws IOException {
        for (int i = 0; i < season; i++) {
            out.writeFloat(profile[i]);
            out.writeByte(visits[i]);
        }
        out.writeDouble(level);
        out.writeDouble(trend);
        out.writeDouble(sigma);
        out.writeDouble(loss);
        out.writeDouble(sum);
        out.writeInt(count);
        out.writeInt(predicted);
        out.writeInt(run);
    }

    void read(DataInputStream in) throws IOException {
        for (int i = 0; i < season; i++) {
            profile[i] = in.readFloat();
            visits[i] = in.readByte();
        }
        level = in.readDouble();
        trend = in.readDouble();
        sigma = in.readDouble();
        loss = in.readDouble();
        sum = in.readDouble();
        count = in.readInt();
        predicted = in.readInt();
        run = in.readInt();
    }
}
