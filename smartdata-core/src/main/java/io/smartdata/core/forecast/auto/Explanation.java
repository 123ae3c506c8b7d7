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
        return (combination.models().size() == 1 ? only() : weighted())
                + conditions()
                + "."
                + (combination.leftOut().isEmpty()
                        ? ""
                        : " Left out: " + String.join("; ", combination.leftOut()) + ".");
    }

    private String only() {
        return "Only %s, since %s: its mean absolute error in %s"
                .formatted(
                        combination.models().get(0).id(),
                        Candidates.of(cleaned).size() == 1
                                ? "the steps of the series show no pattern"
                                : "nothing else foretold as well",
                        tested());
    }

    private String weighted() {
        return "A mean of %s, weighted by their errors in the past: its mean absolute error in %s"
                .formatted(parts(), tested());
    }

    private String tested() {
        int origins = trials.origins().size();
        return origins == 0
                ? "the past is not known, the history is too short for trials"
                : "%d trials on the last %d steps was %s"
                        .formatted(
                                origins,
                                asked.history().size() - trials.origins().get(origins - 1),
                                String.format(Locale.ROOT, "%.4g", combination.error()));
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
}
