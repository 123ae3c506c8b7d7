package io.smartdata.core.forecast.smoothing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One member of the family of exponential smoothing: how error, trend and season enter. A multiplicative trend is left
 * out: it explodes and is hardly ever the best.
 */
record EtsForm(Error error, Trend trend, Season season) {
    /** How the error enters. */
    enum Error {
        ADDITIVE("A"),
        MULTIPLICATIVE("M");

        private final String letter;

        Error(String letter) {
            this.letter = letter;
        }
    }

    /** How the level moves on. */
    enum Trend {
        NONE("N"),
        ADDITIVE("A"),
        DAMPED("Ad");

        private final String letter;

        Trend(String letter) {
            this.letter = letter;
        }
    }

    /** How the season enters. */
    enum Season {
        NONE("N"),
        ADDITIVE("A"),
        MULTIPLICATIVE("M");

        private final String letter;

        Season(String letter) {
            this.letter = letter;
        }
    }

    /** All forms, the simple ones first. */
    static List<EtsForm> all() {
        List<EtsForm> result = new ArrayList<>();
        for (Season season : Season.values()) {
            for (Trend trend : Trend.values()) {
                for (Error error : Error.values()) {
                    result.add(new EtsForm(error, trend, season));
                }
            }
        }
        return result;
    }

    /** The form of an {@link #id()}; null if it is not one. */
    static @Nullable EtsForm of(String id) {
        return all().stream().filter(form -> form.id().equals(id)).findFirst().orElse(null);
    }

    boolean relative() {
        return error == Error.MULTIPLICATIVE;
    }

    boolean trended() {
        return trend != Trend.NONE;
    }

    boolean seasonal() {
        return season != Season.NONE;
    }

    /** True if level and season are multiplied. */
    boolean product() {
        return season == Season.MULTIPLICATIVE;
    }

    /** Only for data above zero. */
    boolean needsPositive() {
        return relative() || product();
    }

    /** Numerically sound: an additive error with a multiplicative season divides by states that may be near zero. */
    boolean sound() {
        return relative() || !product();
    }

    /** True if the letters of a spec, {@code z} for any, allow this form. */
    boolean matches(String errors, String trends, String seasons) {
        return matches(error.letter, errors) && matches(trend.letter, trends) && matches(season.letter, seasons);
    }

    private static boolean matches(String letter, String asked) {
        return asked.equalsIgnoreCase("z") || asked.equalsIgnoreCase(letter);
    }

    /** In the words of the literature, for example {@code ETS(A,Ad,M)}. */
    String name() {
        return "ETS(%s,%s,%s)".formatted(error.letter, trend.letter, season.letter);
    }

    /** As a model spec, for example {@code ets(A,Ad,M)}. */
    String id() {
        return name().replace("ETS", "ets");
    }

    static String canonical(String letter) {
        return letter.equalsIgnoreCase("ad") ? "Ad" : letter.toUpperCase(Locale.ROOT);
    }
}
