package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.correction.RetractRequest;
import io.smartdata.core.correction.Retraction;
import io.smartdata.event.EventId;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "retract",
        mixinStandardHelpOptions = true,
        description = {
            "Takes stored events back and counts the KPIs they were counted in again, in one transaction.",
            "Events that meet every option given are taken back; at least one of --receipt, --id, --source, --name and"
                    + " --subject is needed. Try --dry-run first."
        })
final class RetractCommand implements Callable<Integer> {
    @Option(
            names = "--receipt",
            paramLabel = "ID",
            description = "Events that came with this call; ingest prints its id.")
    private @Nullable UUID receipt;

    @Option(names = "--id", paramLabel = "ID", description = "Events of this id; may be given again. Needs --source.")
    private List<String> ids = List.of();

    @Option(names = "--source", paramLabel = "SOURCE", description = "Events of this source.")
    private @Nullable String source;

    @Option(names = "--name", paramLabel = "NAME", description = "Events of this name.")
    private @Nullable String name;

    @Option(names = "--subject", paramLabel = "SUBJECT", description = "Events of this subject.")
    private @Nullable String subject;

    @Option(names = "--from", paramLabel = "INSTANT", description = "Events that occurred at this instant or later.")
    private Instant from = EventRange.all().from();

    @Option(names = "--to", paramLabel = "INSTANT", description = "Events that occurred before this instant.")
    private Instant to = EventRange.all().to();

    @Option(
            names = "--forever",
            description = "Keep the events from being stored again. Without it the same events may be sent again.")
    private boolean forever;

    @Option(names = "--dry-run", description = "Say what would be done and change nothing.")
    private boolean dryRun;

    @Mixin
    private OrgCall call = new OrgCall();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RetractRequest request =
                RetractRequest.of(selection()).withDryRun(dryRun).withTombstones(forever);
        Retraction done =
                call.with((smartData, org) -> smartData.corrections(org).retract(request));
        return call.answer(() -> toJson(done), out -> print(out, done));
    }

    private EventSelection selection() {
        if (!ids.isEmpty() && source == null) {
            throw new ParameterException(spec.commandLine(), "--id needs --source: sources have ids of their own.");
        }
        try {
            Set<EventId> named = new LinkedHashSet<>();
            ids.forEach(id -> named.add(EventId.of(id)));
            return new EventSelection(receipt, source, name, subject, named, from, to);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, Retraction done) {
        out.printf(
                "%s%s of %s taken back, %s counted again%n",
                done.dryRun() ? "dry run, nothing changed: " : "",
                Counted.of(done.events(), "event"),
                Counted.of(done.receipts(), "call"),
                Counted.of(done.cells(), "KPI cell"));
        if (done.events() > 0) {
            out.printf(
                    "  from %s to %s, sources %s, names %s%n",
                    done.minOccurredAt(),
                    done.maxOccurredAt(),
                    String.join(", ", done.sources()),
                    String.join(", ", done.names()));
            out.println(
                    done.tombstones()
                            ? "  the same events will not be stored again"
                            : "  the same events may be sent again");
        }
    }

    private static String toJson(Retraction done) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("events", done.events());
        root.put("receipts", done.receipts());
        root.put("cells", done.cells());
        done.sources().forEach(root.putArray("sources")::add);
        done.names().forEach(root.putArray("names")::add);
        root.put(
                "minOccurredAt",
                done.minOccurredAt() == null ? null : done.minOccurredAt().toString());
        root.put(
                "maxOccurredAt",
                done.maxOccurredAt() == null ? null : done.maxOccurredAt().toString());
        root.put("tombstones", done.tombstones());
        root.put("dryRun", done.dryRun());
        return root.toString();
    }
}
