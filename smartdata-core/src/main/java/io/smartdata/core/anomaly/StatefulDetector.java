package io.smartdata.core.anomaly;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What our detectors share: one immutable set of options, and states that are stored with the name of their maker. */
abstract class StatefulDetector<S extends StatefulDetector.State> implements AnomalyDetector {
    private final String id;
    private final String version;
    private final Class<S> stateType;
    private final String signature;

    /** @param options all that shapes the state, in words; a state of other options is refused */
    StatefulDetector(String id, String version, Class<S> stateType, String options) {
        this.id = id;
        this.version = version;
        this.stateType = stateType;
        this.signature = "%s/%s/%s".formatted(id, version, options);
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String version() {
        return version;
    }

    @Override
    public final S start(SeriesInfo series) {
        return fresh(signature, series);
    }

    @Override
    public final S resume(byte[] stored) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            if (!in.readUTF().equals(signature)) {
                throw mismatch(null);
            }
            S state = fresh(signature, readInfo(in));
            state.read(in);
            if (in.read() >= 0) {
                throw mismatch(null);
            }
            return state;
        } catch (IOException | RuntimeException e) {
            throw e instanceof SmartDataException known ? known : mismatch(e);
        }
    }

    @Override
    public final Judgement judge(DetectorState state, Instant time, double value) {
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("value must be finite or NaN, was " + value);
        }
        if (!stateType.isInstance(state) || !stateType.cast(state).signature.equals(signature)) {
            throw new IllegalArgumentException("state is not of detector " + signature);
        }
        S history = stateType.cast(state);
        return Double.isNaN(value) ? judgeMissing(history, time) : judgeValue(history, time, value);
    }

    abstract S fresh(String signature, SeriesInfo series);

    abstract Judgement judgeValue(S history, Instant time, double value);

    /** Must not change {@code history}. */
    Judgement judgeMissing(S history, Instant time) {
        return Judgement.notJudged("no value");
    }

    private SmartDataException mismatch(@Nullable Exception cause) {
        return new SmartDataException(
                "detector_state_mismatch",
                "The stored state was not written by detector %s, so it cannot continue. Start anew from the history."
                        .formatted(signature),
                cause);
    }

    private static SeriesInfo readInfo(DataInputStream in) throws IOException {
        long step = in.readLong();
        ChronoUnit unit = ChronoUnit.valueOf(in.readUTF());
        ZoneId zone = ZoneId.of(in.readUTF());
        int count = in.readUnsignedByte();
        List<Integer> seasons = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seasons.add(in.readInt());
        }
        double threshold = in.readDouble();
        return new SeriesInfo(
                step,
                unit,
                zone,
                seasons,
                Double.isNaN(threshold) ? OptionalDouble.empty() : OptionalDouble.of(threshold));
    }

    /** History of one series. */
    abstract static class State implements DetectorState {
        final String signature;
        final SeriesInfo series;

        State(String signature, SeriesInfo series) {
            this.signature = signature;
            this.series = series;
        }

        abstract void write(DataOutputStream out) throws IOException;

        abstract void read(DataInputStream in) throws IOException;

        @Override
        public final byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeUTF(signature);
                out.writeLong(series.step());
                out.writeUTF(series.unit().name());
                out.writeUTF(series.zone().getId());
                out.writeByte(series.seasons().size());
                for (int season : series.seasons()) {
                    out.writeInt(season);
                }
                out.writeDouble(series.threshold().orElse(Double.NaN));
                write(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
