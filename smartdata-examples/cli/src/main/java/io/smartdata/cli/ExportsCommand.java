package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.export.Exports;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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
        name = "exports",
        mixinStandardHelpOptions = true,
        description = "Exports of events that run by themselves, by the job exports, and are fetched later.",
        subcommands = {
            ExportsCommand.Request.class,
            ExportsCommand.Status.class,
            ExportsCommand.Fetch.class,
            ExportsCommand.Discard.class
        })
final class ExportsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: request, status, fetch or discard.");
    }

    /** What every subcommand is told. */
    static final class Place {
        @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
        private String org = "";

        @Mixin
        private Database database = new Database();

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @FunctionalInterface
        interface Work {
            void run(Exports exports) throws IOException;
        }

        int run(Work work) throws IOException {
            try (SmartData smartData = database.open()) {
                work.run(smartData.exports(Database.operator(smartData, org)));
                return 0;
            }
        }

        void print(CommandSpec spec, List<ExportJob> jobs) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                ObjectNode root = new ObjectMapper().createObjectNode();
                jobs.forEach(job -> put(root.withArray("exports").addObject(), job));
                out.println(root);
            } else {
                jobs.forEach(job -> out.println(line(job)));
            }
            out.flush();
        }

        private static void put(ObjectNode node, ExportJob job) {
            node.put("id", job.id().toString())
                    .put("status", status(job))
                    .put("format", job.request().format())
                    .put("gzip", job.request().gzip())
                    .put("requestedAt", job.requestedAt().toString())
                    .put("expiresAt", job.expiresAt().toString())
                    .put("errorCode", job.errorCode());
            ExportJob.Result result = job.result();
            if (result != null) {
                node.put("rows", result.rows()).put("bytes", result.bytes()).put("sha256", result.sha256());
            }
        }

        private static String line(ExportJob job) {
            ExportJob.Result result = job.result();
            String what = "%s %s, %s%s, expires %s"
                    .formatted(
                            job.id(),
                            status(job),
                            job.request().format(),
                            job.request().gzip() ? " gzip" : "",
                            job.expiresAt());
            return result == null
                    ? what
                    : "%s, %s, %s, sha256 %s"
                            .formatted(
                                    what,
                                    Counted.of(result.rows(), "event"),
                                    Counted.of(result.bytes(), "byte"),
                                    result.sha256());
        }

        private static String status(ExportJob job) {
            return job.status().name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            name = "request",
            mixinStandardHelpOptions = true,
            description = "Asks for an export of all events; jobs run exports makes it.")
    static final class Request implements Callable<Integer> {
        @Option(names = "--source", paramLabel = "SOURCE", description = "Only events of this source.")
        private @Nullable String source;

        @Option(names = "--format", defaultValue = "CSV", description = "csv or ndjson. Default: csv")
        private ExportFormat format = ExportFormat.CSV;

        @Option(names = "--gzip", description = "Compress it.")
        private boolean gzip;

        @Mixin
        private Place place = new Place();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            EventRange all = EventRange.all();
            EventRange range = new EventRange(source, all.from(), all.to());
            return place.run(exports -> place.print(spec, List.of(exports.request(range, format, gzip))));
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Lists the exports of an org, newest first.")
    static final class Status implements Callable<Integer> {
        @Mixin
        private Place place = new Place();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            return place.run(exports -> place.print(spec, exports.requested()));
        }
    }

    @Command(name = "fetch", mixinStandardHelpOptions = true, description = "Writes an export that is done to a file.")
    static final class Fetch implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The export, as status prints it.")
        private UUID id = new UUID(0, 0);

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Write to this file.")
        private Path file = Path.of("");

        @Mixin
        private Place place = new Place();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            return place.run(exports -> {
                ExportJob job = WholeFile.write(file, out -> exports.fetch(id, out));
                place.print(spec, List.of(job));
            });
        }
    }

    @Command(name = "discard", mixinStandardHelpOptions = true, description = "Removes an export, also one that runs.")
    static final class Discard implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The export, as status prints it.")
        private UUID id = new UUID(0, 0);

        @Mixin
        private Place place = new Place();

        @Override
        public Integer call() throws IOException {
            return place.run(exports -> exports.discard(id));
        }
    }
}
