package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.CompactionRun;
import io.smartdata.storage.Upkeep;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "maintain",
        mixinStandardHelpOptions = true,
        description = {
            "Keeps the database in shape, for all orgs: merges what ingests have added into KPI cells and, on PostgreSQL,"
                    + " makes the partitions of months that lack one.",
            "No figure changes. What is left undone, for example since another process is at it, is left to the next run."
        })
final class MaintainCommand implements Callable<Integer> {
    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "No piece of merging begins later. Default: ${DEFAULT-VALUE}")
    private int seconds = 60;

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (seconds < 0) {
            throw new ParameterException(spec.commandLine(), "--seconds must be at least 0, was " + seconds);
        }
        try (SmartData smartData = database.open()) {
            CompactionRun compaction = smartData.maintenance().compact(Duration.ofSeconds(seconds));
            Upkeep upkeep = smartData.maintenance().storage();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(toJson(compaction, upkeep));
            } else {
                print(out, compaction, upkeep);
            }
            out.flush();
            return 0;
        }
    }

    private static void print(PrintWriter out, CompactionRun compaction, Upkeep upkeep) {
        out.printf(
                "%s of %s merged%s%n",
                Counted.of(compaction.deltas(), "delta"),
                Counted.of(compaction.orgs(), "org"),
                compaction.complete() ? "" : "; time is up, there are more");
        if (compaction.busy() > 0) {
            out.printf("%s left out: somebody else is at work there%n", Counted.of(compaction.busy(), "org"));
        }
        if (!upkeep.partitions().isEmpty()) {
            out.printf(
                    "%s made, %s moved: %s%n",
                    Counted.of(upkeep.partitions().size(), "partition"),
                    Counted.of(upkeep.movedEvents(), "event"),
                    String.join(", ", upkeep.partitions()));
        }
        out.println(upkeep.message());
    }

    private static String toJson(CompactionRun compaction, Upkeep upkeep) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode compacted = root.putObject("compaction");
        compacted.put("orgs", compaction.orgs());
        compacted.put("deltas", compaction.deltas());
        compacted.put("busy", compaction.busy());
        compacted.put("complete", compaction.complete());
        ObjectNode kept = root.putObject("storage");
        upkeep.partitions().forEach(kept.putArray("partitions")::add);
        kept.put("movedEvents", upkeep.movedEvents());
        kept.put("complete", upkeep.complete());
        kept.put("message", upkeep.message());
        return root.toString();
    }
}
