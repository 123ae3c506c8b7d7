package io.smartdata.core.export;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A computed figure as text.
 *
 * @since 0.1.0
 */
public final class FigureText {
    /** More digits than any series knows about itself. */
    private static final MathContext DIGITS = new MathContext(10);

    private FigureText() {}

    /** A plain decimal of ten digits without trailing zeros; empty if it is not finite. */
    public static String of(double figure) {
        return Double.isFinite(figure)
                ? new BigDecimal(figure, DIGITS).stripTrailingZeros().toPlainString()
                : "";
    }
}
