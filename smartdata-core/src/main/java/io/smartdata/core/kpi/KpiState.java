package io.smartdata.core.kpi;

import io.smartdata.kpi.Kpi;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * What a set of events amounts to in one cell. Adding an event and merging two states commute and associate, so equal
 * sets of events give equal {@link #bytes()} in whatever order and portions they came.
 *
 * <p>Bytes, version 1: a header (version in the upper half; below it, which parts follow), the number of events, then if
 * an event had a value: the number of values, their sum, the newest one's time in microseconds and event id, and of more
 * than one value the minimum, the maximum and the newest; then the sketches. One value costs about 30 bytes, an event
 * without a value two.
 */
final class KpiState {
    private static final int VERSION = 1 << 4;
    private static final int VALUES = 1;
    private static final int DISTINCT = 2;
    private static final int PERCENTILE = 4;

    private long events;
    private long values;
    private BigDecimal sum = BigDecimal.ZERO;
    private BigDecimal min = BigDecimal.ZERO;
    private BigDecimal max = BigDecimal.ZERO;
    private BigDecimal latest = BigDecimal.ZERO;
    private long latestMicros;
    private String latestSource = "";
    private long latestIdHigh;
    private long latestIdLow;
    private @Nullable DistinctSketch distinct;
    private @Nullable PercentileSketch percentile;

    private KpiState(@Nullable DistinctSketch distinct, @Nullable PercentileSketch percentile) {
        this.distinct = distinct;
        this.percentile = percentile;
    }

    /** No event yet; with the sketches a family keeps. */
    static KpiState empty(boolean distinct, boolean percentile) {
        return new KpiState(distinct ? new DistinctSketch() : null, percentile ? new PercentileSketch() : null);
    }

    /** Counts an event. */
    void addEvent() {
        events++;
    }

    /** Adds the hash of what the family counts, of an event counted already. */
    void addDistinct(long hash) {
        if (distinct != null) {
            distinct.add(hash);
        }
    }

    /** Adds the value of an event counted already. */
    void addValue(BigDecimal value, long micros, String source, long idHigh, long idLow) {
        if (percentile != null) {
            percentile.add(value);
        }
        addValues(value, value, value);
        takeLatest(value, micros, source, idHigh, idLow);
        values++;
    }

    /** Adds all events of another state of the same family; {@code other} is not modified. */
    void merge(KpiState other) {
        if ((distinct == null) != (other.distinct == null) || (percentile == null) != (other.percentile == null)) {
            throw new DamagedStateException("A stored KPI cell has states of two families.");
        }
        events += other.events;
        if (other.values > 0) {
            addValues(other.sum, other.min, other.max);
            takeLatest(other.latest, other.latestMicros, other.latestSource, other.latestIdHigh, other.latestIdLow);
            values += other.values;
        }
        if (distinct != null && other.distinct != null) {
            distinct.addAll(other.distinct);
        }
        if (percentile != null && other.percentile != null) {
            percentile.addAll(other.percentile);
        }
    }

    private void addValues(BigDecimal moreSum, BigDecimal moreMin, BigDecimal moreMax) {
        if (values == 0) {
            sum = moreSum;
            min = moreMin;
            max = moreMax;
        } else {
            sum = sum.add(moreSum);
            min = min.min(moreMin);
            max = max.max(moreMax);
        }
    }

    private void takeLatest(BigDecimal value, long micros, String source, long idHigh, long idLow) {
        if (values == 0 || isNewer(micros, source, idHigh, idLow)) {
            latest = value;
            latestMicros = micros;
            latestSource = source;
            latestIdHigh = idHigh;
            latestIdLow = idLow;
        }
    }

    private boolean isNewer(long micros, String source, long idHigh, long idLow) {
        int order = Long.compare(micros, latestMicros);
        order = order != 0 ? order : source.compareTo(latestSource);
        order = order != 0 ? order : Long.compareUnsigned(idHigh, latestIdHigh);
        order = order != 0 ? order : Long.compareUnsigned(idLow, latestIdLow);
        return order > 0;
    }

    /** Events added. */
    long events() {
        return events;
    }

    /** False if the figure of {@code kpi} is an estimate. */
    boolean exact(Kpi kpi) {
        return switch (kpi.aggregation()) {
            case DISTINCT -> distinct == null || distinct.exact();
            case PERCENTILE -> percentile == null || percentile.exact();
            default -> true;
        };
    }

    /** The figure; null if no event had a value. Of a ratio's side, its number of events. */
    @Nullable
    BigDecimal figure(Kpi kpi) {
        return switch (kpi.aggregation()) {
            case COUNT, RATIO -> BigDecimal.valueOf(events);
            case DISTINCT -> distinct == null ? null : BigDecimal.valueOf(distinct.estimate());
            default -> values == 0 ? null : valueFigure(kpi);
        };
    }

    private @Nullable BigDecimal valueFigure(Kpi kpi) {
        return switch (kpi.aggregation()) {
            case SUM -> sum;
            case AVG -> sum.divide(BigDecimal.valueOf(values), MathContext.DECIMAL64);
            case MIN -> min;
            case MAX -> max;
            case LATEST -> latest;
            case PERCENTILE -> percentile == null ? null : percentile.value(kpi.percent());
            default -> throw new IllegalStateException(kpi.aggregation() + " reads no values");
        };
    }

    /** The canonical bytes. The source is not among them: it is in the key of the cell. */
    byte[] bytes() {
        Wire.Writer out = new Wire.Writer();
        out.write(VERSION
                | (values > 0 ? VALUES : 0)
                | (distinct != null ? DISTINCT : 0)
                | (percentile != null ? PERCENTILE : 0));
        out.writeVarint(events);
        if (values > 0) {
            writeValues(out);
        }
        if (distinct != null) {
            distinct.write(out);
        }
        if (percentile != null) {
            percentile.write(out);
        }
        return out.toBytes();
    }

    private void writeValues(Wire.Writer out) {
        out.writeVarint(values);
        out.writeDecimal(sum);
        out.writeVarint(latestMicros);
        out.writeLong(latestIdHigh);
        out.writeLong(latestIdLow);
        if (values > 1) {
            out.writeDecimal(min);
            out.writeDecimal(max);
            out.writeDecimal(latest);
        }
    }

    /**
     * Reads {@link #bytes()}.
     *
     * @param source source of the cell
     * @throws DamagedStateException for other bytes
     */
    static KpiState of(byte[] bytes, String source) {
        Wire.Reader in = new Wire.Reader(bytes);
        int header = in.read();
        if ((header & 0xf0) != VERSION) {
            throw new DamagedStateException(
                    "A stored KPI cell has version %d, this smartdata reads 1.".formatted(header >> 4));
        }
        KpiState state = empty(false, false);
        state.events = in.readVarint();
        if ((header & VALUES) != 0) {
            state.readValues(in, source);
        }
        if ((header & DISTINCT) != 0) {
            state.distinct = DistinctSketch.read(in);
        }
        if ((header & PERCENTILE) != 0) {
            state.percentile = PercentileSketch.read(in);
        }
        in.end();
        return state;
    }

    private void readValues(Wire.Reader in, String source) {
        values = in.readVarint();
        sum = in.readDecimal();
        latestMicros = in.readVarint();
        latestSource = source;
        latestIdHigh = in.readLong();
        latestIdLow = in.readLong();
        boolean one = values == 1;
        min = one ? sum : in.readDecimal();
        max = one ? sum : in.readDecimal();
        latest = one ? sum : in.readDecimal();
    }
}
