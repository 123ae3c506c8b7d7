package io.smartdata.cli;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.Interval;
import io.smartdata.series.TimeSeries;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** The end of a history, its forecast and a ribbon for each interval level, as a PNG. Needs no screen. */
final class ForecastPlot {
    /** Steps of history for each step ahead: as many as make the forecast large enough to be read. */
    private static final int PAST_A_STEP = 6;

    private static final int SHORTEST_PAST = 90;

    private final TimeSeries history;
    private final Forecast forecast;
    private final boolean numbered;
    private final XYChart chart;

    private ForecastPlot(String title, TimeSeries history, Forecast forecast, boolean numbered) {
        this.history = history;
        this.forecast = forecast;
        this.numbered = numbered;
        this.chart = Plots.chart(title);
    }

    /** @param numbered true if the time of the series is a step number and no date */
    static void write(Path file, String title, TimeSeries history, Forecast forecast, boolean numbered)
            throws IOException {
        ForecastPlot plot = new ForecastPlot(title, history, forecast, numbered);
        plot.draw();
        Plots.write(plot.chart, file);
    }

    private void draw() {
        List<ForecastPoint> points = forecast.points();
        int levels = points.isEmpty() ? 0 : points.get(0).intervals().size();
        for (int k = levels - 1; k >= 0; k--) {
            ribbon(k);
        }
        int size = history.size();
        int from = Math.max(0, size - Math.max(SHORTEST_PAST, PAST_A_STEP * points.size()));
        line("history", from, IntStream.range(from, size).mapToDouble(history::value), Plots.INK);
        if (!points.isEmpty()) {
            line("forecast", size - joint().size(), joined(ForecastPoint::mean), Plots.BLUE);
        }
    }

    /** The last value, if there is one, so that what follows grows out of it. */
    private List<Double> joint() {
        int last = history.size() - 1;
        return last < 0 || Double.isNaN(history.value(last)) ? List.of() : List.of(history.value(last));
    }

    private DoubleStream joined(ToDoubleFunction<ForecastPoint> figure) {
        return DoubleStream.concat(
                joint().stream().mapToDouble(Double::doubleValue),
                forecast.points().stream().mapToDouble(figure));
    }

    /** A wider level is paler. */
    private void ribbon(int k) {
        List<Double> upper =
                joined(point -> point.intervals().get(k).upper()).boxed().toList();
        List<Double> lower =
                joined(point -> point.intervals().get(k).lower()).boxed().toList();
        Interval interval = forecast.points().get(0).intervals().get(k);
        Plots.ribbon(
                chart,
                "%s %%".formatted(ForecastCommand.plain(interval.level())),
                times(history.size() - joint().size(), upper.size()),
                upper,
                lower,
                Math.max(0.12, 0.40 - 0.20 * k));
    }

    private void line(String name, int from, DoubleStream values, Color color) {
        List<Double> y = values.boxed().toList();
        Plots.line(chart, name, times(from, y.size()), y, color);
    }

    private List<Object> times(int from, int count) {
        List<Object> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(at(from + i));
        }
        return times;
    }

    private Object at(int index) {
        return numbered
                ? (Object) (double) (index + 1)
                : Date.from(history.localTime(index).toInstant(ZoneOffset.UTC));
    }
}
