package io.smartdata.spring.monitor;

import io.smartdata.core.observe.Meter;

/** What meters are called in Prometheus, by the rules of Micrometer's registry for it. */
final class Metric {
    private Metric() {}

    /** Of a gauge or a counter. */
    static String of(Meter meter) {
        return switch (meter.kind()) {
            case COUNTER -> base(meter) + "_total";
            case GAUGE -> base(meter);
            case TIMER, SUMMARY ->
                throw new IllegalArgumentException(meter + " has a count, a sum and a greatest, and no figure beside");
        };
    }

    static String count(Meter meter) {
        return base(meter) + "_count";
    }

    static String sum(Meter meter) {
        return base(meter) + "_sum";
    }

    /** The greatest of the last minutes. */
    static String greatest(Meter meter) {
        return base(meter) + "_max";
    }

    private static String base(Meter meter) {
        String name = meter.meterName().replace('.', '_');
        return meter.unit() == null ? name : name + "_" + meter.unit();
    }
}
