package io.smartdata.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** How all pictures of the command look. Needs no screen. */
final class Plots {
    static final Color INK = new Color(0x33, 0x3b, 0x45);
    static final Color BLUE = new Color(0x1f, 0x6f, 0xb4);
    static final Color RED = new Color(0xc8, 0x2d, 0x2d);

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 600;
    private static final Color PAPER = Color.WHITE;
    private static final Color LINES = new Color(0xe3, 0xe6, 0xea);
    private static final float LINE_WIDTH = 1.8f;

    private Plots() {}

    static XYChart chart(String title) {
        System.setProperty("java.awt.headless", "true");
        XYChart chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
        style(chart.getStyler());
        return chart;
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

    /** Along the upper bounds and back along the lower ones. */
    static XYSeries ribbon(
            XYChart chart, String name, List<?> x, List<Double> upper, List<Double> lower, double share) {
        List<Object> around = new ArrayList<>(x);
        List<Double> y = new ArrayList<>(upper);
        for (int i = lower.size() - 1; i >= 0; i--) {
            around.add(x.get(i));
            y.add(lower.get(i));
        }
        XYSeries ribbon = chart.addSeries(name, around, y);
        Color fill = paler(BLUE, share);
        ribbon.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        ribbon.setFillColor(fill);
        ribbon.setLineColor(fill);
        ribbon.setLineStyle(SeriesLines.NONE);
        ribbon.setMarker(SeriesMarkers.NONE);
        return ribbon;
    }

    private static Color paler(Color color, double share) {
        return new Color(mixed(color.getRed(), share), mixed(color.getGreen(), share), mixed(color.getBlue(), share));
    }

    private static int mixed(int channel, double share) {
        return (int) Math.round(255 - share * (255 - channel));
    }

    /** Missing values leave a gap. */
    static void line(XYChart chart, String name, List<?> x, List<Double> y, Color color) {
        XYSeries line = chart.addSeries(name, x, y);
        line.setLineColor(color);
        line.setLineWidth(LINE_WIDTH);
        line.setMarkerColor(color);
        line.setMarker(y.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    static void marks(XYChart chart, String name, List<?> x, List<Double> y) {
        XYSeries marks = chart.addSeries(name, x, y);
        marks.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        marks.setMarker(SeriesMarkers.CIRCLE);
        marks.setMarkerColor(RED);
    }

    static void write(XYChart chart, Path file) throws IOException {
        BufferedImage image = BitmapEncoder.getBufferedImage(chart);
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        }
    }
}
