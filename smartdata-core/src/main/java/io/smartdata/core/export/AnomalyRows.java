package io.smartdata.core.export;

import io.smartdata.core.export.RowWriter.Column;
import io.smartdata.storage.StoredAnomaly;
import io.smartdata.tenancy.OrgId;
import java.io.Writer;
import java.util.List;

/** Anomalies as rows. */
final class AnomalyRows {
    private static final List<Column> COLUMNS = List.of(
            Column.text("org"),
            Column.text("kpi"),
            Column.text("source"),
            Column.plain("bucket"),
            Column.plain("value"),
            Column.plain("expected"),
            Column.plain("lower"),
            Column.plain("upper"),
            Column.plain("score"),
            Column.plain("severity"),
            Column.plain("shape"),
            Column.plain("detector"),
            Column.text("reason"),
            Column.text("incident"));

    private AnomalyRows() {}

    /** @return rows written */
    static long write(OrgId org, List<StoredAnomaly> anomalies, ExportFormat format, Writer out) {
        RowWriter rows = new RowWriter(COLUMNS, format, out);
        for (StoredAnomaly anomaly : anomalies) {
            rows.row(
                    org.value(),
                    anomaly.series().kpi(),
                    anomaly.series().source(),
                    anomaly.bucket(),
                    FigureText.of(anomaly.value()),
                    FigureText.of(anomaly.expected()),
                    FigureText.of(anomaly.lower()),
                    FigureText.of(anomaly.upper()),
                    FigureText.of(anomaly.score()),
                    anomaly.severity(),
                    anomaly.shape(),
                    anomaly.detector(),
                    anomaly.reason(),
                    anomaly.incident());
        }
        return rows.finish();
    }
}
