package io.smartdata.cli;

import io.smartdata.forecast.Forecast;
import io.smartdata.forecast.ForecastPoint;
import io.smartdata.forecast.Interval;
import io.smartdata.series.TimeSeries;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The end of a history, its forecast and a ribbon for each interval level, as a PNG. Needs no screen. */
final class ForecastPlot {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 600;

    /** Steps of history for each step ahead: as many as make the forecast large enough to be read. */
    private static final int PAST_A_STEP = 6;

    private static final int SHORTEST_PAST = 90;

    private static final Color INK = new Color(0x33, 0x3b, 0x45);
    private static final Color PAPER = Color.WHITE;
    private static final Color LINES = new Color(0xe3, 0xe6, 0xea);
    private static final Color AHEAD = new Color(0x1f, 0x6f, 0xb4);
    private static final float LINE_WIDTH = 1.8f;

    private final TimeSeries history;
    private final Forecast forecast;
    private final boolean numbered;
    private final XYChart chart;

    private ForecastPlot(String title, TimeSeries history, Forecast forecast, boolean numbered) {
        this.history = history;
        this.forecast = forecast;
        this.numbered = numbered;
        this.chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    }

    /** @param numbered true if the time of the series is a step number and no date */
    static void write(Path file, String title, TimeSeries history, Forecast forecast, boolean numbered)
            throws IOException {
        System.setProperty("java.awt.headless", "true");
        ForecastPlot plot = new ForecastPlot(title, history, forecast, numbered);
        plot.draw();
        BufferedImage image = BitmapEncoder.getBufferedImage(plot.chart);
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        }
    }

    private void draw() {
        style(chart.getStyler());
        List<ForecastPoint> points = forecast.points();
        int levels = points.isEmpty() ? 0 : points.get(0).intervals().size();
        for (int k = levels - 1; k >= 0; k--) {
            ribbon(k);
        }
        int size = history.size();
        int from = Math.max(0, size - Math.max(SHORTEST_PAST, PAST_A_STEP * points.size()));
        line("history", from, IntStream.range(from, size).mapToDouble(history::value), INK);
        if (!points.isEmpty()) {
            line("forecast", size - joint().size(), joined(ForecastPoint::mean), AHEAD);
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

    private static void style(XYStyler styler) {
        styler.setChartBackgroundColor(PAPER);
        styler.setPlotBackgroundColor(PAPER);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(LINES);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAxisTickMarksColor(LINES);
        styler.setAxisTickLabelsColor(INK);
        styler.setChartFontColor(INK);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendBorderColor(PAPER);
        styler.setYAxisDecimalPattern("#,##0.######");
        styler.setDatePattern("yyyy-MM-dd");
    }

    /** Along the upper bounds and back along the lower ones; a wider level is paler. */
    private void ribbon(int k) {
        double[] upper = joined(point -> point.intervals().get(k).upper()).toArray();
        double[] lower = joined(point -> point.intervals().get(k).lower()).toArray();
        int first = history.size() - joint().size();
        List<Object> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i < upper.length; i++) {
            x.add(at(first + i));
            y.add(upper[i]);
        }
        for (int i = lower.length - 1; i >= 0; i--) {
            x.add(at(first + i));
            y.add(lower[i]);
        }
        Interval interval = forecast.points().get(0).intervals().get(k);
        XYSeries ribbon = chart.addSeries("%s %%".formatted(ForecastCommand.plain(interval.level())), x, y);
        ribbon.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        Color fill = paler(Math.max(0.12, 0.40 - 0.20 * k));
        ribbon.setFillColor(fill);
        ribbon.setLineColor(fill);
        ribbon.setLineStyle(SeriesLines.NONE);
        ribbon.setMarker(SeriesMarkers.NONE);
    }

    private static Color paler(double share) {
        return new Color(mixed(AHEAD.getRed(), share), mixed(AHEAD.getGreen(), share), mixed(AHEAD.getBlue(), share));
    }

    private static int mixed(int channel, double share) {
        return (int) Math.round(255 - share * (255 - channel));
    }

    /** Missing values leave a gap. */
    private void line(String name, int from, DoubleStream values, Color color) {
        List<Double> y = values.boxed().toList();
        List<Object> x = new ArrayList<>();
        for (int i = 0; i < y.size(); i++) {
            x.add(at(from + i));
        }
        XYSeries line = chart.addSeries(name, x, y);
        line.setLineColor(color);
        line.setLineWidth(LINE_WIDTH);
        line.setMarker(y.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    private Object at(int index) {
        return numbered
                ? (Object) (double) (index + 1)
                : Date.from(history.localTime(index).toInstant(ZoneOffset.UTC));
    }
}
