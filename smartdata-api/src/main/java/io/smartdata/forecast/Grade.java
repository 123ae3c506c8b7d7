package io.smartdata.forecast;

import org.jspecify.annotations.Nullable;

/**
 * A reliability score as a school mark.
 *
 * @since 0.1.0
 */
public enum Grade {
    /** Score of 85 or more. */
    A("A"),
    /** Score of 70 to 84. */
    B("B"),
    /** Score of 55 to 69. */
    C("C"),
    /** Score below 55. */
    D("D"),
    /** No score: reliability is unknown, which is not bad. */
    UNKNOWN("N/A");

    private final String label;

    Grade(String label) {
        this.label = label;
    }

    /** The grade of a score from 0 to 100; {@link #UNKNOWN} for null. */
    public static Grade of(@Nullable Integer score) {
        if (score == null) {
            return UNKNOWN;
        }
        return score >= 85 ? A : score >= 70 ? B : score >= 55 ? C : D;
    }

    /** As shown to people: {@code A}, {@code B}, {@code C}, {@code D} or {@code N/A}. */
    public String label() {
        return label;
    }
}
