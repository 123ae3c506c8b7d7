package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.export.Exports;
import io.smartdata.kpi.CellRange;
import io.smartdata.storage.EventRange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Streams stored events, or every KPI point, anomaly or forecast of an org.")
final class ExportCommand implements Callable<Integer> {
    enum What {
        EVENTS("event", "events"),
        KPIS("kpi", "kpis"),
        ANOMALIES("anomaly", "anomalies"),
        FORECASTS("forecast", "forecasts");

        private final String one;
        private final String many;

        What(String one, String many) {
            this.one = one;
            this.many = many;
        }
    }

    @Parameters(paramLabel = "WHAT", description = "events, kpis, anomalies or forecasts")
    private What what = What.EVENTS;

    @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
    private String org = "";

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only events or KPIs of this source.")
    private @Nullable String source;

    @Option(names = "--from", paramLabel = "DAY", description = "First day; UTC for events, local for the rest.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Day after the last.")
    private @Nullable LocalDate to;

    @Option(names = "--format", defaultValue = "csv", description = "csv or ndjson. Default: csv")
    private ExportFormat format = ExportFormat.CSV;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file. Default: standard output")
    private @Nullable Path file;

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "With --out: print how much was written as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        requireFitting();
        long written;
        try (SmartData smartData = database.open()) {
            Exports exports = smartData.exports(Database.operator(smartData, org));
            written = file == null
                    ? write(exports, spec.commandLine().getOut())
                    : WholeFile.write(file, out -> write(exports, text(out)));
        }
        PrintWriter err = spec.commandLine().getErr();
        if (json && file != null) {
            spec.commandLine()
                    .getOut()
                    .println(new ObjectMapper().createObjectNode().put(what.many, written));
        } else {
            err.printf("%s written%n", Counted.of(written, what.one, what.many));
            err.flush();
        }
        return 0;
    }

    /** An option that changed nothing would look as if it had. */
    private void requireFitting() {
        if (source != null && (what == What.ANOMALIES || what == What.FORECASTS)) {
            throw new ParameterException(spec.commandLine(), "--source goes with events and kpis.");
        }
        if ((from != null || to != null) && what == What.FORECASTS) {
            throw new ParameterException(
                    spec.commandLine(), "--from and --to do not go with forecasts, of which only the last are kept.");
        }
    }

    private static Writer text(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    private long write(Exports exports, Writer out) throws IOException {
        long written = switch (what) {
            case EVENTS -> exports.events(eventRange(), format, out);
            case KPIS -> exports.kpis(source, firstDay(), endDay(), format, out);
            case ANOMALIES -> exports.anomalies(firstDay(), endDay(), format, out);
            case FORECASTS -> exports.forecasts(format, out);
        };
        out.flush();
        requireWritten(out);
        return written;
    }

    /** A {@link PrintWriter} keeps what went wrong to itself: a full disk or a closed pipe would look like an export. */
    private static void requireWritten(Writer out) throws IOException {
        if (out instanceof PrintWriter printed && printed.checkError()) {
            throw new IOException("standard output does not take all of the export");
        }
    }

    private EventRange eventRange() {
        EventRange all = EventRange.all();
        return new EventRange(
                source,
                from == null ? all.from() : from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                to == null ? all.to() : to.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private LocalDate firstDay() {
        return from == null ? CellRange.FIRST_DAY : from;
    }

    private LocalDate endDay() {
        return to == null ? CellRange.END : to;
    }
}
