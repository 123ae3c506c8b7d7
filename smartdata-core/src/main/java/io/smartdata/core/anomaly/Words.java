package io.smartdata.core.anomaly;

import io.smartdata.anomaly.Judgement;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.Supplier;

/** Reasons for people. */
final class Words {
    static final String USUAL = "within the usual range";

    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private Words() {}

    static String tooShort(int have, int need) {
        return "history too short: %d of %d values".formatted(have, need);
    }

    /** @param basis what the expected value is, for example "mean of the last 28 values" */
    static Supplier<String> anomalous(double value, double expected, double score, Supplier<String> basis) {
        return () -> "%s is %s %s the expected %s (%s), %s"
                .formatted(
                        number(value),
                        number(Math.abs(value - expected)),
                        score > 0 ? "above" : "below",
                        number(expected),
                        basis.get(),
                        Math.abs(score) >= Judgement.MAX_SCORE
                                ? "after a history without any change"
                                : number(Math.abs(score)) + " sigma");
    }

    static String number(double value) {
        // a large figure keeps its integer digits
        BigDecimal shown = Math.abs(value) >= 1000
                ? BigDecimal.valueOf(Math.rint(value))
                : BigDecimal.valueOf(value).round(FOUR_DIGITS);
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }
}
