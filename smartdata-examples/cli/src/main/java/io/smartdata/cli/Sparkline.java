package io.smartdata.cli;

import java.util.Arrays;

/** A series as one line of text, missing values as blanks. */
final class Sparkline {
    private static final String BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
    private static final String ASCII = "_.-=*#%@";

    private Sparkline() {}

    /**
     * @param width columns; longer series are averaged down to it
     */
    static String of(double[] values, int width) {
        double[] shown = values.length <= width ? values : averaged(values, width);
        double min = Arrays.stream(shown).filter(Double::isFinite).min().orElse(0);
        double max = Arrays.stream(shown).filter(Double::isFinite).max().orElse(0);
        String levels = Stdout.charset().newEncoder().canEncode(BLOCKS) ? BLOCKS : ASCII;
        StringBuilder line = new StringBuilder();
        for (double value : shown) {
            line.append(Double.isFinite(value) ? levels.charAt(level(value, min, max, levels.length())) : ' ');
        }
        return line.toString();
    }

    private static int level(double value, double min, double max, int levels) {
        return max == min ? levels / 2 : (int) Math.min(levels - 1, (value - min) / (max - min) * levels);
    }

    private static double[] averaged(double[] values, int width) {
        double[] averages = new double[width];
        for (int i = 0; i < width; i++) {
            int from = (int) ((long) i * values.length / width);
            int to = (int) ((long) (i + 1) * values.length / width);
            averages[i] = Arrays.stream(values, from, to)
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN);
        }
        return averages;
    }
}
