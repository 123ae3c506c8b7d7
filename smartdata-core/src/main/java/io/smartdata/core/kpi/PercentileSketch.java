package io.smartdata.core.kpi;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values by rank: all of them, exactly, up to {@value #EXACT}; of more, counts in logarithmic buckets whose middle is
 * within 1 % of every value in them. The switch depends on the number of values only, so equal multisets give equal
 * bytes. Source: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", VLDB 2019.
 */
final class PercentileSketch {
    /** Values kept as they are: about what a thousand buckets would cost. */
    static final int EXACT = 256;

    /** Relative error of a bucket's middle. */
    private static final double ACCURACY = 0.01;

    private static final double GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
    private static final double LOG_GAMMA = StrictMath.log(GAMMA);

    /** Digits of an estimate: far more than its error justifies, few enough to read. */
    private static final MathContext ESTIMATE = new MathContext(7);

    private final List<BigDecimal> values = new ArrayList<>();
    private final TreeMap<Integer, Long> negative = new TreeMap<>();
    private final TreeMap<Integer, Long> positive = new TreeMap<>();
    private long zeros;
    private long count;

    void add(BigDecimal value) {
        count++;
        if (count <= EXACT) {
            values.add(value);
        } else {
            spill();
            bucket(value);
        }
    }

    void addAll(PercentileSketch other) {
        if (count + other.count <= EXACT) {
            values.addAll(other.values);
        } else {
            spill();
            other.values.forEach(this::bucket);
            other.negative.forEach((index, n) -> negative.merge(index, n, Long::sum));
            other.positive.forEach((index, n) -> positive.merge(index, n, Long::sum));
            zeros += other.zeros;
        }
        count += other.count;
    }

    /** True if every value is kept as it is. */
    boolean exact() {
        return count <= EXACT;
    }

    /**
     * Value at rank floor(1 + percent / 100 (n - 1)).
     *
     * @throws IllegalStateException if there is no value
     */
    BigDecimal value(double percent) {
        if (count == 0) {
            throw new IllegalStateException("No value has no percentile");
        }
        long rank = (long) Math.floor(percent / 100 * (count - 1));
        return exact() ? sorted().get((int) rank) : estimate(rank);
    }

    void write(Wire.Writer out) {
        out.writeVarint(count);
        if (exact()) {
            sorted().forEach(out::writeDecimal);
        } else {
            out.writeVarint(zeros);
            write(out, negative);
            write(out, positive);
        }
    }

    static PercentileSketch read(Wire.Reader in) {
        PercentileSketch sketch = new PercentileSketch();
        sketch.count = in.readVarint();
        if (sketch.exact()) {
            for (long i = 0; i < sketch.count; i++) {
                sketch.values.add(in.readDecimal());
            }
        } else {
            sketch.zeros = in.readVarint();
            read(in, sketch.negative);
            read(in, sketch.positive);
        }
        return sketch;
    }

    private void spill() {
        values.forEach(this::bucket);
        values.clear();
    }

    private void bucket(BigDecimal value) {
        double magnitude = Math.min(Math.abs(value.doubleValue()), Double.MAX_VALUE);
        if (magnitude == 0) {
            zeros++;
        } else {
            int index = (int) StrictMath.ceil(StrictMath.log(magnitude) / LOG_GAMMA);
            (value.signum() < 0 ? negative : positive).merge(index, 1L, Long::sum);
        }
    }

    private List<BigDecimal> sorted() {
        return values.stream().sorted().toList();
    }

    private BigDecimal estimate(long rank) {
        long left = rank;
        for (Map.Entry<Integer, Long> bucket : negative.descendingMap().entrySet()) {
            left -= bucket.getValue();
            if (left < 0) {
                return middle(bucket.getKey()).negate();
            }
        }
        left -= zeros;
        if (left < 0) {
            return BigDecimal.ZERO;
        }
        for (Map.Entry<Integer, Long> bucket : positive.entrySet()) {
            left -= bucket.getValue();
            if (left < 0) {
                return middle(bucket.getKey());
            }
        }
        throw new IllegalStateException("Rank %d of %d values".formatted(rank, count));
    }

    /** Same relative distance to both ends of the bucket. */
    private static BigDecimal middle(int index) {
        double middle = StrictMath.exp(index * LOG_GAMMA) * 2 / (GAMMA + 1);
        return new BigDecimal(Math.min(middle, Double.MAX_VALUE), ESTIMATE);
    }

    private static void write(Wire.Writer out, Map<Integer, Long> buckets) {
        out.writeVarint(buckets.size());
        int previous = 0;
        for (Map.Entry<Integer, Long> bucket : buckets.entrySet()) {
            out.writeSigned((long) bucket.getKey() - previous);
            out.writeVarint(bucket.getValue());
            previous = bucket.getKey();
        }
    }

    private static void read(Wire.Reader in, Map<Integer, Long> buckets) {
        int size = in.readSize(2);
        int index = 0;
        for (int i = 0; i < size; i++) {
            index += (int) in.readSigned();
            buckets.put(index, in.readVarint());
        }
    }
}
