package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.export.RowWriter.Column;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.tenancy.OrgId;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/**
 * Points of KPI series as rows: {@code org,source,kpi,bucket,dimension,value,events}.
 *
 * @since 0.1.0
 */
public final class KpiRows {
    private static final List<Column> COLUMNS = List.of(
            Column.text("org"),
            Column.text("source"),
            Column.text("kpi"),
            Column.plain("bucket"),
            Column.text("dimension"),
            Column.plain("value"),
            Column.plain("events"));

    private final OrgId org;
    private final RowWriter rows;

    /**
     * Writes the header, if the format has one.
     *
     * @param org whose series follow
     * @param out stays open
     * @throws UncheckedIOException if {@code out} fails
     */
    public KpiRows(OrgId org, ExportFormat format, Writer out) {
        this.org = requireNonNull(org, "org");
        this.rows = new RowWriter(COLUMNS, format, out);
    }

    /**
     * A row per point.
     *
     * @throws UncheckedIOException if the writer fails
     */
    public void add(KpiSeries series) {
        for (KpiPoint point : series.points()) {
            rows.row(
                    org.value(),
                    point.source(),
                    series.kpi().name(),
                    point.bucket(),
                    point.dimension(),
                    point.valueText(),
                    Long.toString(point.events()));
        }
    }

    /**
     * Hands on what is still buffered.
     *
     * @return rows written
     * @throws UncheckedIOException if the writer fails
     */
    public long finish() {
        return rows.finish();
    }
}
