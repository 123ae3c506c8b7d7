package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.EventFormat;
import io.smartdata.storage.EventRange;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Streams stored events, or every KPI point, anomaly or forecast of an org.")
final class ExportCommand implements Callable<Integer> {
    enum What {
        EVENTS,
        KPIS,
        ANOMALIES,
        FORECASTS
    }

    enum OutputFormat {
        CSV,
        NDJSON
    }

    @Parameters(paramLabel = "WHAT", description = "events, kpis, anomalies or forecasts")
    private What what = What.EVENTS;

    @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
    private String org = "";

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only events of this source.")
    private @Nullable String source;

    @Option(names = "--from", paramLabel = "DAY", description = "First day; UTC for events, local for the rest.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Day after the last.")
    private @Nullable LocalDate to;

    @Option(names = "--format", defaultValue = "csv", description = "csv or ndjson. Default: csv")
    private OutputFormat format = OutputFormat.CSV;

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
        long written;
        try (SmartData smartData = database.open();
                Writer out = file == null
                        ? spec.commandLine().getOut()
                        : Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            OrgScope scope = Database.operator(smartData, org);
            written = write(smartData, scope, out);
            out.flush();
            requireWritten(out);
        }
        PrintWriter err = spec.commandLine().getErr();
        if (json && file != null) {
            String name = what.name().toLowerCase(Locale.ROOT);
            System.out.println(new ObjectMapper().createObjectNode().put(name, written));
        } else {
            err.printf(Locale.ROOT, "%,d %s written%n", written, what.name().toLowerCase(Locale.ROOT));
            err.flush();
        }
        return 0;
    }

    /** A {@link PrintWriter} keeps what went wrong to itself: a full disk or a closed pipe would look like an export. */
    private static void requireWritten(Writer out) throws IOException {
        if (out instanceof PrintWriter printed && printed.checkError()) {
            throw new IOException("standard output does not take all of the export");
        }
    }

    private long write(SmartData smartData, OrgScope scope, Writer out) throws IOException {
        return switch (what) {
            case EVENTS -> smartData.exports(scope).events(eventRange(), EventFormat.valueOf(format.name()), out);
            case KPIS -> ResultRows.kpis(smartData, scope, source, from, to).write(format, out);
            case ANOMALIES -> ResultRows.anomalies(smartData, scope, from, to).write(format, out);
            case FORECASTS -> ResultRows.forecasts(smartData, scope).write(format, out);
        };
    }

    private EventRange eventRange() {
        EventRange all = EventRange.all();
        return new EventRange(
                source,
                from == null ? all.from() : from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                to == null ? all.to() : to.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
