package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.decomposition.MstlEngine;
import io.smartdata.core.forecast.engine.LogEngine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.core.forecast.engine.SeasonalNaiveEngine;
import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The models that a history deserves, as model specs: few, cheap, and erring in different ways. Chosen by rolling origin
 * on the training halves of the developer data; {@code docs/forecast.md} has what others would have added.
 */
final class Candidates {
    /** The cost of a seasonal ARIMA grows with the season, and more so where gaps have to be skipped. */
    private static final int LONGEST_ARIMA_SEASON = 60;

    private static final int LONGEST_ARIMA_SEASON_WITH_GAPS = 30;

    /** With fewer values its coefficients are mostly chance. */
    private static final int FEWEST_FOR_ARIMA = 20;

    private Candidates() {}

    /** @param request with the seasons that the data show */
    static List<String> of(ForecastRequest request) {
        if (request.regressors() == null && request.seasons().isEmpty() && mostlyZero(request)) {
            return List.of("croston", "sba", "tsb");
        }
        if (request.seasons().isEmpty()
                && request.regressors() == null
                && RandomWalk.plausible(Sample.of(request).filled())) {
            return List.of(SeasonalNaiveEngine.ID);
        }
        List<String> result = new ArrayList<>(List.of(SeasonalNaiveEngine.ID));
        result.addAll(request.season() == 1 ? plainArima(request) : seasonalArima(request));
        if (request.regressors() == null) {
            result.addAll(smoothing(request));
        }
        return result;
    }

    private static boolean mostlyZero(ForecastRequest request) {
        double[] observed = Arrays.stream(request.history().values())
                .filter(value -> !Double.isNaN(value))
                .toArray();
        long zeros = Arrays.stream(observed).filter(value -> value == 0).count();
        return 2 * zeros > observed.length && Arrays.stream(observed).allMatch(value -> value >= 0);
    }

    private static List<String> plainArima(ForecastRequest request) {
        if (Sample.of(request).observed() < FEWEST_FOR_ARIMA && request.regressors() == null) {
            return List.of();
        }
        String mixed = "sarimax(1,1,2)";
        return LogEngine.possible(request) ? List.of(mixed, LogEngine.PREFIX + mixed) : List.of(mixed);
    }

    private static List<String> seasonalArima(ForecastRequest request) {
        int season = request.season();
        if (season > (request.history().hasGaps() ? LONGEST_ARIMA_SEASON_WITH_GAPS : LONGEST_ARIMA_SEASON)) {
            return List.of();
        }
        String differenced = "sarimax(1,1,1)(0,1,1)" + season;
        String stationary = "sarimax(1,0,1)(1,0,1)" + season + "+c";
        List<String> result = new ArrayList<>();
        result.add(LogEngine.possible(request) ? LogEngine.PREFIX + differenced : differenced);
        result.add(stationary);
        if (YearlyEngine.possible(request)) {
            result.add(YearlyEngine.PREFIX + stationary);
        }
        return result;
    }

    private static List<String> smoothing(ForecastRequest request) {
        List<String> result = new ArrayList<>(List.of("ets", "ces", "theta"));
        if (LogEngine.possible(request)) {
            result.add(LogEngine.PREFIX + "theta");
        }
        if (request.seasons().size() > 1 || request.season() > LONGEST_ARIMA_SEASON) {
            result.add(MstlEngine.PREFIX + "ets");
            result.add(MstlEngine.PREFIX + "theta");
        }
        return result;
    }
}
