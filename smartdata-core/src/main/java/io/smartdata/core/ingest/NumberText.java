package io.smartdata.core.ingest;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one grammar of numbers, that of JSON (RFC 8259), with limits that are checked on the text: a short text such as
 * {@code 1e1000000000} must not become a long number.
 */
final class NumberText {
    /** Most significant digits, outer zeros not counted. */
    static final int MAX_SIGNIFICANT = 100;

    /** Most digits behind the point, written out. */
    static final int MAX_FRACTION = 400;

    /** Digits before the point of the largest double. */
    private static final int MAX_INTEGER = 309;

    /** More digits than a long surely holds. */
    static final int MAX_LONG_DIGITS = 18;

    /** Exponents with more digits are out of range whatever the mantissa. */
    private static final int MAX_EXPONENT_DIGITS = 6;

    /** From this power of ten on either side a double may overflow or vanish. */
    private static final int DOUBLE_SAFE = 290;

    static final String RULE = "a decimal number as JSON writes it (12, -0.5, 1e3), with at most " + MAX_SIGNIFICANT
            + " significant and " + MAX_FRACTION + " fractional digits, within the range of a double";

    private NumberText() {}

    /** The number, without exponent in its scale; null if {@code text} breaks the grammar or a limit. */
    static @Nullable BigDecimal parse(String text) {
        int length = text.length();
        int i = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        boolean negative = i == 1;
        int integerStart = i;
        i = digits(text, i);
        if (i == integerStart || (text.charAt(integerStart) == '0' && i > integerStart + 1)) {
            return null;
        }
        int integerEnd = i;
        int fractionEnd = i;
        if (i < length && text.charAt(i) == '.') {
            fractionEnd = digits(text, i + 1);
            if (fractionEnd == i + 1) {
                return null;
            }
            i = fractionEnd;
        }
        if (i == length && fractionEnd - integerStart <= MAX_LONG_DIGITS) {
            return small(text, negative, integerStart, integerEnd, fractionEnd);
        }
        return large(text, integerStart, integerEnd, fractionEnd);
    }

    private static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static BigDecimal small(String text, boolean negative, int from, int point, int to) {
        long unscaled = 0;
        for (int i = from; i < to; i++) {
            if (i != point) {
                unscaled = unscaled * 10 + (text.charAt(i) - '0');
            }
        }
        return unscaled == 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(negative ? -unscaled : unscaled, Math.max(0, to - point - 1));
    }

    private static @Nullable BigDecimal large(String text, int from, int point, int to) {
        int first = from;
        while (first < to && isZeroOrPoint(text.charAt(first))) {
            first++;
        }
        int exponentStart = to;
        int sign = 1;
        int exponent = 0;
        if (to < text.length()) {
            if ((text.charAt(to) | 0x20) != 'e') {
                return null;
            }
            exponentStart = to + 1;
            if (exponentStart < text.length()
                    && (text.charAt(exponentStart) == '+' || text.charAt(exponentStart) == '-')) {
                sign = text.charAt(exponentStart) == '-' ? -1 : 1;
                exponentStart++;
            }
            if (exponentStart == text.length() || digits(text, exponentStart) != text.length()) {
                return null;
            }
            while (exponentStart < text.length() - 1 && text.charAt(exponentStart) == '0') {
                exponentStart++;
            }
        }
        if (first == to) {
            return BigDecimal.ZERO;
        }
        if (exponentStart < text.length()) {
            if (text.length() - exponentStart > MAX_EXPONENT_DIGITS) {
                return null;
            }
            exponent = sign * Integer.parseInt(text, exponentStart, text.length(), 10);
        }
        int last = to - 1;
        while (isZeroOrPoint(text.charAt(last))) {
            last--;
        }
        int significant = last - first + 1 - (first < point && last > point ? 1 : 0);
        int lastPower = exponent + (last < point ? point - 1 - last : point - last);
        int firstPower = lastPower + significant - 1;
        if (significant > MAX_SIGNIFICANT || -lastPower > MAX_FRACTION || firstPower >= MAX_INTEGER) {
            return null;
        }
        StringBuilder digits = new StringBuilder(significant + 1).append(text, 0, text.charAt(0) == '-' ? 1 : 0);
        digits.append(text, first, last + 1);
        int dot = digits.indexOf(".");
        BigDecimal number = new BigDecimal(
                new BigInteger(
                        dot < 0 ? digits.toString() : digits.deleteCharAt(dot).toString()),
                -lastPower);
        if (Math.abs(firstPower) > DOUBLE_SAFE && !withinDouble(number)) {
            return null;
        }
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    private static boolean isZeroOrPoint(char c) {
        return c == '0' || c == '.';
    }

    /** True if {@code number} is 0 or a double near it is neither infinite nor 0. */
    static boolean withinDouble(BigDecimal number) {
        double nearest = Math.abs(number.doubleValue());
        return number.signum() == 0 || (nearest > 0 && nearest <= Double.MAX_VALUE);
    }

    /** True if neither the digits of {@code number}, written out, nor those behind its point are more than a long surely holds. */
    static boolean fitsLong(BigDecimal number) {
        return number.scale() >= 0 && number.scale() <= MAX_LONG_DIGITS && number.precision() <= MAX_LONG_DIGITS;
    }

    /** True if a number made elsewhere keeps the limits of this grammar. */
    static boolean withinLimits(BigDecimal number) {
        if (fitsLong(number) || number.signum() == 0) {
            return true;
        }
        long scale = number.scale();
        long integerDigits = number.precision() - scale;
        if (number.precision() > MAX_INTEGER + MAX_FRACTION
                || integerDigits > MAX_INTEGER
                || -integerDigits > MAX_FRACTION) {
            return false;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.precision() <= MAX_SIGNIFICANT && stripped.scale() <= MAX_FRACTION && withinDouble(stripped);
    }
}
