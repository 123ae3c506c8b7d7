package io.smartdata.core.export;

/**
 * Text that a spreadsheet shows instead of running. Source: OWASP, "CSV Injection".
 *
 * @since 0.1.0
 */
public final class FormulaSafe {
    /** What starts a formula, half and full width, and what a spreadsheet skips before one. */
    private static final String TRIGGERS = "=+-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20";

    private FormulaSafe() {}

    /** The text, led by an apostrophe if its first character other than white space would start a formula. */
    public static String text(String text) {
        return startsFormula(text) ? "'" + text : text;
    }

    private static boolean startsFormula(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (TRIGGERS.indexOf(c) >= 0) {
                return true;
            }
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                return false;
            }
        }
        return false;
    }
}
