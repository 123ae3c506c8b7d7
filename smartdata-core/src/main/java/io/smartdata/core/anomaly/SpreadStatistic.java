package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Errors larger than usual: their recent mean size against their long one. Finds a louder series, and a broken season,
 * whose errors are no outliers each but too many.
 */
final class SpreadStatistic {
    private static final double RATE = 0.2;
    private static final double LONG_RATE = 0.002;

    /** Mean absolute size of normal errors, about; where the history begins. */
    private static final double USUAL = 0.8;

    /** Standard deviation of the size of an error as a share of its mean; of normal errors 0.76, of clipped ones less. */
    private static final double SPREAD = 0.6 * Math.sqrt(RATE / (2 - RATE));

    private static final double CLIP = 5;
    private static final double LONG_CLIP = 3;

    /** Share of the recent error up to which that of the forecast without season is clearly smaller. */
    private static final double MISLED = 0.9;

    private final TailCalibration tail = new TailCalibration();
    private double recent = USUAL;
    private double usual = USUAL;
    private double plain;

    /**
     * Judges and learns; 0 if the errors are not larger than usual.
     *
     * @param z error of the forecast in sigma
     * @param plainZ that of the forecast without season, in the same sigma
     */
    double sigma(double z, double plainZ) {
        double size = Math.min(Math.abs(z), CLIP);
        recent += RATE * (size - recent);
        plain += RATE * (Math.min(Math.abs(plainZ), CLIP) - plain);
        double excess = Math.max(0, (recent - usual) / (SPREAD * usual));
        usual += LONG_RATE * (Math.min(size, LONG_CLIP * usual) - usual);
        double evidence = tail.sigma(excess);
        tail.add(excess);
        return evidence;
    }

    /** True if the forecast would lately have been clearly better without its season. */
    boolean seasonMisleads() {
        return plain < MISLED * recent;
    }

    void write(DataOutputStream out) throws IOException {
        tail.write(out);
        out.writeDouble(recent);
        out.writeDouble(usual);
        out.writeDouble(plain);
    }

    void read(DataInputStream in) throws IOException {
        tail.read(in);
        recent = in.readDouble();
        usual = in.readDouble();
        plain = in.readDouble();
    }
}
