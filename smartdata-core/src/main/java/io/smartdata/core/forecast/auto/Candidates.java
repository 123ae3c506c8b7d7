package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.LogEngine;
import io.smartdata.core.forecast.engine.SeasonalNaiveEngine;
import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.List;

/** The models that a history deserves, as model specs: few, cheap, and erring in different ways. */
final class Candidates {
    /** The cost of a seasonal ARIMA grows with the season, and more so where gaps have to be skipped. */
    private static final int LONGEST_ARIMA_SEASON = 60;

    private static final int LONGEST_ARIMA_SEASON_WITH_GAPS = 30;

    private Candidates() {}

    static List<String> of(ForecastRequest request) {
        int season = request.season();
        boolean positive = LogEngine.possible(request);
        List<String> result = new ArrayList<>();
        result.add(SeasonalNaiveEngine.ID);
        if (season == 1) {
            result.add("sarimax(1,1,2)");
            if (positive) {
                result.add("log:sarimax(1,1,2)");
            }
        } else if (season <= (request.history().hasGaps() ? LONGEST_ARIMA_SEASON_WITH_GAPS : LONGEST_ARIMA_SEASON)) {
            result.add((positive ? "log:" : "") + "sarimax(1,1,1)(0,1,1)" + season);
            result.add("sarimax(1,0,1)(1,0,1)" + season + "+c");
        }
        if (request.regressors() == null) {
            result.addAll(List.of("ets", "theta", "otm"));
            if (positive) {
                result.add("log:theta");
            }
        }
        return result;
    }
}
