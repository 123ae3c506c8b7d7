package io.smartdata.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Who did what in an org.",
        subcommands = AuditCommand.ListEntries.class)
final class AuditCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists who exported, replayed, retracted, rebuilt or changed something, newest first.")
    static final class ListEntries implements Callable<Integer> {
        @Option(names = "--since", paramLabel = "INSTANT", description = "Only entries from then on.")
        private Instant since = Instant.EPOCH;

        @Option(names = "--action", paramLabel = "ACTION", description = "Only one of: ${COMPLETION-CANDIDATES}")
        private @Nullable AuditAction action;

        @Option(names = "--caller", paramLabel = "NAME", description = "Only what this caller did.")
        private @Nullable String caller;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "At most so many. Default: ${DEFAULT-VALUE}")
        private int limit = 100;

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            AuditQuery query =
                    AuditQuery.newest(limit).since(since).withAction(action).withCaller(caller);
            List<AuditRecord> records =
                    call.with((smartData, org) -> smartData.audit(org).list(query));
            return call.answer(() -> toJson(records), out -> records.forEach(entry -> print(out, entry)));
        }

        private static void print(PrintWriter out, AuditRecord found) {
            AuditEntry entry = found.entry();
            out.printf(
                    "%s  %s  %s %s (%s)  %s%n",
                    found.at(),
                    found.caller().name(),
                    entry.action().code(),
                    entry.target(),
                    entry.outcome().code(),
                    entry.detail().json());
        }

        private static String toJson(List<AuditRecord> records) {
            ArrayNode root = JSON.createArrayNode();
            for (AuditRecord found : records) {
                AuditEntry entry = found.entry();
                try {
                    root.addObject()
                            .put("id", found.id().toString())
                            .put("at", found.at().toString())
                            .put("caller", found.caller().name())
                            .put("action", entry.action().code())
                            .put("target", entry.target())
                            .put("outcome", entry.outcome().code())
                            .set("detail", JSON.readTree(entry.detail().json()));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("A detail is JSON", e);
                }
            }
            return root.toString();
        }
    }
}
