package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** draft */
final class AutoDetector extends StatefulDetector<AutoDetector.State> {
    static double THRESHOLD = 4;
    static int LONGEST_SEASON = 672;
    static double[] LEVEL_RATES = {0.03, 0.15};
    static double FLOOR = 1e-3;
    static double HANDICAP = 0.95;
    static double FAST = 2.0;
    static boolean SQRT = true;

    AutoDetector() {
        super("auto", "1", State.class, "");
    }

    @Override
    State fresh(String signature, SeriesInfo series) {
        return new State(signature, series);
    }

    @Override
    Judgement judgeValue(State s, Instant time, double value) {
        long slot = s.grid.slot(time);
        if (value < 0 && s.root) {
            s.root = false;
            s.restart();
        }
        double y = s.root ? Math.sqrt(value) : value;
        SmoothingModel best = s.best();
        Judgement judgement;
        if (best == null || s.count < 14) {
            judgement = Judgement.notJudged(Words.tooShort(s.count, 14));
        } else {
            double expected = best.prediction(slot);
            double spread = Math.max(best.sigma(slot), Math.max(FLOOR * s.magnitude, 1e-12));
            double z = (y - expected) / spread;
            double score = s.tail.sigma(z);
            double limit = s.series.threshold().orElse(THRESHOLD);
            double reach = s.tail.inverse(limit) * spread;
            s.tail.add(z);
            judgement = Judgement.of(score, back(s, expected), back(s, expected - reach), back(s, expected + reach), limit, Words.anomalous(value, back(s, expected), score, "season " + best.season()), Words.USUAL);
        }
        s.models.forEach(m -> m.add(slot, y));
        s.magnitude += Math.max(0.02, 1.0 / (s.count + 1)) * (Math.abs(y) - s.magnitude);
        s.count++;
        return judgement;
    }

    private static double back(State s, double y) {
        return s.root ? Math.signum(y) * y * y : y;
    }

    static final class State extends StatefulDetector.State {
        final LocalGrid grid;
        List<SmoothingModel> models;
        TailCalibration tail = new TailCalibration();
        boolean root = SQRT;
        int count;
        double magnitude;

        State(String signature, SeriesInfo series) {
            super(signature, series);
            this.grid = new LocalGrid(series);
            restart();
        }

        void restart() {
            models = new ArrayList<>();
            for (double rate : LEVEL_RATES) {
                models.add(new SmoothingModel(0, rate));
                for (int season : grid.seasons(LONGEST_SEASON)) {
                    models.add(new SmoothingModel(season, rate));
                }
            }
            tail = new TailCalibration();
            count = 0;
        }

        SmoothingModel best() {
            SmoothingModel best = null;
            double bestLoss = Double.POSITIVE_INFINITY;
            for (SmoothingModel m : models) {
                if (m.predicted() >= Math.max(6, m.season() )) {
                    double loss = m.loss() * (m.season() > 0 ? HANDICAP : 1) * (1 + FAST * m.levelRate());
                    if (loss < bestLoss) { best = m; bestLoss = loss; }
                }
            }
            return best;
        }

        @Override
        void write(DataOutputStream out) throws IOException {}

        @Override
        void read(DataInputStream in) throws IOException {}
    }
}
