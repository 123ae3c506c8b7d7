package io.smartdata.core.forecast.smoothing;

/**
 * The complex constants of smoothing, real and imaginary part.
 *
 * @param betaReal of a full season, or the constant of a partial one
 * @param betaImaginary of a full season
 */
record CesConstants(double alphaReal, double alphaImaginary, double betaReal, double betaImaginary) {
    /** True if errors of long ago are forgotten (Svetunkov, Kourentzes and Ord 2022, section 3.3). */
    boolean stable(CesForm form) {
        return stable(alphaReal, alphaImaginary) && (form != CesForm.FULL || stable(betaReal, betaImaginary));
    }

    /** The eigenvalues of the matrix that carries an old state on lie inside the unit circle. */
    private static boolean stable(double real, double imaginary) {
        // characteristic polynomial z^2 - trace z + determinant of [1 - r + i, i - 1; 1 - r - i, 1 - r]
        double trace = 2 - 2 * real + imaginary;
        double determinant = (1 - real + imaginary) * (1 - real) - (imaginary - 1) * (1 - real - imaginary);
        return Math.abs(determinant) < 1 && Math.abs(trace) < 1 + determinant;
    }
}
