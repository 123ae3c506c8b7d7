package io.smartdata.core.forecast.smoothing;

/** The recursion of complex exponential smoothing: real and imaginary part of a smoothed complex number move together. */
final class CesFilter {
    private final CesForm form;
    private final CesConstants constants;
    private final double[] season;
    private final double[] potentials;
    private double level;
    private double potential;
    private int place;

    CesFilter(CesForm form, CesConstants constants, CesState start) {
        this.form = form;
        this.constants = constants;
        level = start.level();
        potential = start.potential();
        season = start.season().clone();
        potentials = start.potentials().clone();
    }

    /** Prediction of the next value. */
    double mean() {
        return form.seasonal() ? level + season[place] : level;
    }

    /** Moves on by a value; a gap counts as the value predicted. */
    void next(double value) {
        double error = Double.isNaN(value) ? 0 : value - mean();
        double real = constants.alphaReal();
        double imaginary = constants.alphaImaginary();
        double before = level;
        level += (imaginary - 1) * potential + (real - imaginary) * error;
        potential = before + (1 - real) * potential + (real + imaginary) * error;
        if (form == CesForm.PARTIAL) {
            season[place] += constants.betaReal() * error;
        } else if (form == CesForm.FULL) {
            real = constants.betaReal();
            imaginary = constants.betaImaginary();
            before = season[place];
            season[place] += (imaginary - 1) * potentials[place] + (real - imaginary) * error;
            potentials[place] = before + (1 - real) * potentials[place] + (real + imaginary) * error;
        }
        place = place + 1 == season.length ? 0 : place + 1;
    }

    /** The state after some more values. */
    static CesState after(CesForm form, CesConstants constants, CesState from, double[] y) {
        CesFilter filter = new CesFilter(form, constants, from);
        for (double value : y) {
            filter.next(value);
        }
        return filter.state();
    }

    private CesState state() {
        double[] ahead = new double[season.length];
        double[] aheadPotentials = new double[season.length];
        for (int k = 0; k < ahead.length; k++) {
            ahead[k] = season[(place + k) % season.length];
            aheadPotentials[k] = potentials[(place + k) % season.length];
        }
        return new CesState(level, potential, ahead, aheadPotentials);
    }
}
