package io.smartdata.core.export;

import io.smartdata.core.export.RowWriter.Column;
import io.smartdata.storage.StoredForecast;
import io.smartdata.tenancy.OrgId;
import java.io.Writer;
import java.util.List;

/** Forecasts as rows, a step each. */
final class ForecastRows {
    private static final List<Column> COLUMNS = List.of(
            Column.text("org"),
            Column.text("kpi"),
            Column.text("source"),
            Column.plain("bucket"),
            Column.plain("mean"),
            Column.plain("lower_80"),
            Column.plain("upper_80"),
            Column.plain("lower_95"),
            Column.plain("upper_95"),
            Column.plain("model"),
            Column.plain("score"),
            Column.plain("grade"));

    private ForecastRows() {}

    /** @return rows written */
    static long write(OrgId org, List<StoredForecast> forecasts, ExportFormat format, Writer out) {
        RowWriter rows = new RowWriter(COLUMNS, format, out);
        for (StoredForecast forecast : forecasts) {
            Integer score = forecast.reliabilityScore();
            for (StoredForecast.Point point : forecast.points()) {
                rows.row(
                        org.value(),
                        forecast.series().kpi(),
                        forecast.series().source(),
                        point.bucket(),
                        FigureText.of(point.mean()),
                        FigureText.of(point.lower80()),
                        FigureText.of(point.upper80()),
                        FigureText.of(point.lower95()),
                        FigureText.of(point.upper95()),
                        forecast.model(),
                        score == null ? null : score.toString(),
                        forecast.grade());
            }
        }
        return rows.finish();
    }
}
