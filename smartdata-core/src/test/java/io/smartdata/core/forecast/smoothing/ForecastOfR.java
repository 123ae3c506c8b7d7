package io.smartdata.core.forecast.smoothing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** What R predicted of a series; see the README beside the resource. */
record ForecastOfR(String id, int season, String form, double[] values, double[] ets, double[] theta) {
    static List<ForecastOfR> all() {
        try (var in = new BufferedReader(
                new InputStreamReader(ForecastOfR.class.getResourceAsStream("r-forecasts.csv"), UTF_8))) {
            return in.lines().map(ForecastOfR::from).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ForecastOfR from(String line) {
        String[] parts = line.split(";", -1);
        return new ForecastOfR(
                parts[0],
                Integer.parseInt(parts[1]),
                parts[2],
                doubles(parts[3]),
                doubles(parts[4]),
                doubles(parts[5]));
    }

    private static double[] doubles(String text) {
        return Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    ForecastRequest request() {
        return request(values, season).withHorizon(ets.length);
    }

    double meanValue() {
        return Arrays.stream(values).average().orElseThrow();
    }

    static ForecastRequest request(double[] values, int season) {
        return ForecastRequest.of(TimeSeries.daily(LocalDate.EPOCH, ZoneOffset.UTC, values), 14)
                .withSeasons(season == 1 ? List.of() : List.of(season));
    }

    @Override
    public String toString() {
        return id + " " + form;
    }
}
