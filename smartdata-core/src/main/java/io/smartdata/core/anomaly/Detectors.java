package io.smartdata.core.anomaly;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes detectors by name. Options follow in parentheses, as in {@code rolling-zscore(window=7,min-periods=2,ddof=1)}:
 *
 * <ul>
 *   <li>{@code auto}: {@code threshold} (3.25)
 *   <li>{@code seasonal}, {@code forecast-residual}, {@code changepoint}: single kinds of the evidence that {@code auto}
 *       joins, from the same online model; {@code threshold} (3.25)
 *   <li>{@code rolling-zscore}: {@code window} (28), {@code min-periods} (7, or the window if that is shorter),
 *       {@code ddof} (1), {@code threshold} (3)
 *   <li>{@code robust-zscore}: {@code window} (28), {@code min-periods} (7, or the window if that is shorter),
 *       {@code threshold} (3.5)
 *   <li>{@code isolation-forest}: {@code threshold} (3), {@code seed} (42)
 *   <li>{@code nearest-neighbour}: {@code threshold} (3.5); only with smile-core 1.5.3 on the class path
 * </ul>
 *
 * <p>The threshold of a {@link io.smartdata.anomaly.SeriesInfo} goes before that of the detector; seasons are told there.
 *
 * @since 0.1.0
 */
public final class Detectors {
    /** The name that stands for smartdata's best choice. */
    public static final String DEFAULT = "auto";

    private static final List<String> NAMES = List.of(
            DEFAULT,
            "seasonal",
            "forecast-residual",
            "changepoint",
            "rolling-zscore",
            "robust-zscore",
            "isolation-forest");
    private static final String NEAREST_NEIGHBOUR = "nearest-neighbour";
    private static final boolean SMILE = hasSmile();
    private static final Pattern SPEC = Pattern.compile("\\s*([\\w-]+)\\s*(?:\\(([^()]*)\\))?\\s*");
    private static final Pattern OPTION = Pattern.compile("\\s*([\\w-]+)\\s*=\\s*([\\w.+-]+)\\s*");

    private Detectors() {}

    /** All names that {@link #of} knows, the default first; {@code nearest-neighbour} only if Smile is on the class path. */
    public static List<String> names() {
        return SMILE
                ? Stream.concat(NAMES.stream(), Stream.of(NEAREST_NEIGHBOUR)).toList()
                : NAMES;
    }

    /** Later releases of Smile have a tree of that name too, with other methods. */
    private static boolean hasSmile() {
        try {
            Class.forName("smile.neighbor.KDTree", false, Detectors.class.getClassLoader())
                    .getMethod("knn", double[].class, int.class);
            return true;
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
    }

    /**
     * @param spec a name, perhaps with options in parentheses
     * @throws SmartDataException code {@code unknown_detector} if there is no detector of this name,
     *     {@code invalid_detector_option} if an option is unknown or out of its range
     */
    public static AnomalyDetector of(String spec) {
        Matcher matcher = SPEC.matcher(spec);
        if (matcher.matches() && matcher.group(1).equals(NEAREST_NEIGHBOUR) && !SMILE) {
            throw new SmartDataException(
                    "unknown_detector",
                    "The detector nearest-neighbour needs Smile 1.5.3, which is not on the class path. Nothing was judged. Add com.github.haifengl:smile-core:1.5.3, or use one of %s."
                            .formatted(String.join(", ", NAMES)));
        }
        if (!matcher.matches() || !names().contains(matcher.group(1))) {
            throw new SmartDataException(
                    "unknown_detector",
                    "There is no detector '%s'. Nothing was judged. Use one of %s, with options as in rolling-zscore(window=7)."
                            .formatted(spec, String.join(", ", names())));
        }
        try {
            Options options = new Options(matcher.group(2) == null ? "" : matcher.group(2));
            AnomalyDetector detector = make(matcher.group(1), options);
            options.requireAllUsed();
            return detector;
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_detector_option",
                    "Detector '%s' cannot be made: %s. Nothing was judged.".formatted(spec, e.getMessage()),
                    e);
        }
    }

    private static AnomalyDetector make(String name, Options options) {
        return switch (name) {
            case "rolling-zscore" -> {
                int window = (int) options.whole("window", RollingZScore.WINDOW);
                yield new RollingZScore(
                        window,
                        (int) options.whole("min-periods", Math.min(window, RollingZScore.MIN_PERIODS)),
                        (int) options.whole("ddof", RollingZScore.DDOF),
                        options.number("threshold", RollingZScore.THRESHOLD));
            }
            case "robust-zscore" -> {
                int window = (int) options.whole("window", RobustZScore.WINDOW);
                yield new RobustZScore(
                        window,
                        (int) options.whole("min-periods", Math.min(window, RobustZScore.MIN_PERIODS)),
                        options.number("threshold", RobustZScore.THRESHOLD));
            }
            case "isolation-forest" ->
                new IsolationForestDetector(
                        options.number("threshold", IsolationForestDetector.THRESHOLD),
                        options.whole("seed", IsolationForestDetector.SEED));
            case NEAREST_NEIGHBOUR -> new NearestNeighbour(options.number("threshold", NearestNeighbour.THRESHOLD));
            case "seasonal" -> SurpriseDetector.seasonal(options.number("threshold", SurpriseDetector.THRESHOLD));
            case "forecast-residual" ->
                SurpriseDetector.forecastResidual(options.number("threshold", SurpriseDetector.THRESHOLD));
            case "changepoint" -> SurpriseDetector.changepoint(options.number("threshold", SurpriseDetector.THRESHOLD));
            default -> SurpriseDetector.auto(options.number("threshold", SurpriseDetector.THRESHOLD));
        };
    }

    /** Options by name; each is taken out when it is used. */
    private static final class Options {
        private final Map<String, String> left = new LinkedHashMap<>();

        Options(String text) {
            for (String option : text.isBlank() ? new String[0] : text.split(",", -1)) {
                Matcher matcher = OPTION.matcher(option);
                if (!matcher.matches() || left.put(matcher.group(1), matcher.group(2)) != null) {
                    throw new IllegalArgumentException("'%s' is not an option or given twice".formatted(option));
                }
            }
        }

        double number(String name, double otherwise) {
            String text = left.remove(name);
            return text == null ? otherwise : Double.parseDouble(text);
        }

        long whole(String name, long otherwise) {
            double number = number(name, otherwise);
            if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("%s must be a whole number, was %s".formatted(name, number));
            }
            return (long) number;
        }

        void requireAllUsed() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException("unknown options " + new ArrayList<>(left.keySet()));
            }
        }
    }
}
