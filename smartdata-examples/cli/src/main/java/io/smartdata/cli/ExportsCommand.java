package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import java.io.IOException;
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
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            EventRange all = EventRange.all();
            EventRange range = new EventRange(source, all.from(), all.to());
            ExportJob job = call.with((smartData, org) -> smartData.exports(org).request(range, format, gzip));
            return print(call, List.of(job));
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Lists the exports of an org, newest first.")
    static final class Status implements Callable<Integer> {
        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return print(
                    call, call.with((smartData, org) -> smartData.exports(org).requested()));
        }
    }

    @Command(name = "fetch", mixinStandardHelpOptions = true, description = "Writes an export that is done to a file.")
    static final class Fetch implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The export, as status prints it.")
        private UUID id = new UUID(0, 0);

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Write to this file.")
        private Path file = Path.of("");

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() throws IOException {
            ExportJob job = call.with((smartData, org) ->
                    WholeFile.write(file, out -> smartData.exports(org).fetch(id, out)));
            return print(call, List.of(job));
        }
    }

    @Command(name = "discard", mixinStandardHelpOptions = true, description = "Removes an export, also one that runs.")
    static final class Discard implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The export, as status prints it.")
        private UUID id = new UUID(0, 0);

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return call.with((smartData, org) -> {
                smartData.exports(org).discard(id);
                return 0;
            });
        }
    }

    private static int print(OrgCall call, List<ExportJob> jobs) {
        return call.answer(
                () -> {
                    ObjectNode root = new ObjectMapper().createObjectNode();
                    jobs.forEach(job -> put(root.withArray("exports").addObject(), job));
                    return root;
                },
                out -> jobs.forEach(job -> out.println(line(job))));
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
