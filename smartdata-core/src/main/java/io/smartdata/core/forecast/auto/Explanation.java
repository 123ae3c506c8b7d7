package io.smartdata.core.forecast.auto;

import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What was done and why, for people. */
record Explanation(
        ForecastRequest asked, ForecastRequest cleaned, Cleaning cleaning, Trials trials, Combination combination) {

    String text() {
        return "A mean of %s, weighted by their errors in %d trials on the last %d steps, where its mean absolute error was %s%s.%s"
                .formatted(
                        parts(),
                        trials.origins().size(),
                        asked.history().size()
                                - trials.origins().get(trials.origins().size() - 1),
                        number(combination.error()),
                        conditions(),
                        combination.leftOut().isEmpty()
                                ? ""
                                : " Left out: " + String.join("; ", combination.leftOut()) + ".");
    }

    private String parts() {
        return IntStream.range(0, combination.models().size())
                .mapToObj(k -> "%.0f %% %s"
                        .formatted(
                                100 * combination.weights()[k],
                                combination.models().get(k).id()))
                .collect(Collectors.joining(", "));
    }

    private String conditions() {
        List<String> result = new ArrayList<>();
        List<Integer> unseen = asked.seasons().stream()
                .filter(season -> !cleaned.seasons().contains(season))
                .toList();
        if (!unseen.isEmpty()) {
            result.add("no cycle of "
                    + unseen.stream().map(String::valueOf).collect(Collectors.joining(" or "))
                    + " steps was found");
        }
        if (!cleaning.replaced().isEmpty()) {
            result.add(
                    cleaning.replaced().size() == 1
                            ? "one outlier was replaced"
                            : cleaning.replaced().size() + " outliers were replaced");
        }
        cleaning.shifts().stream()
                .mapToInt(Shift::at)
                .max()
                .ifPresent(at -> result.add("values before the shift of the level at "
                        + asked.history().localTime(at) + " were moved to the level after it"));
        return result.isEmpty() ? "" : "; " + String.join("; ", result);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
