package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.DeadLetters;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterQuery;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Events that were not accepted: why, their original bytes, and another try.",
        subcommands = {
            DeadLettersCommand.ListLetters.class,
            DeadLettersCommand.Show.class,
            DeadLettersCommand.Replay.class
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list, show or replay.");
    }

    /** What the subcommands share. */
    abstract static class Sub implements Callable<Integer> {
        @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
        private String org = "";

        @Mixin
        private Database database = new Database();

        @Option(names = "--json", description = "Print one JSON object.")
        boolean json;

        @Spec
        CommandSpec spec = CommandSpec.create();

        <R> R with(Function<DeadLetters, R> work) {
            try (SmartData smartData = database.open()) {
                return work.apply(smartData.deadLetters(Database.operator(smartData, org)));
            }
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }
    }

    /** Which letters. */
    static final class Filter {
        @Option(names = "--code", paramLabel = "CODE", description = "Only this rejection code.")
        private @Nullable String code;

        @Option(names = "--of-source", paramLabel = "SOURCE", description = "Only calls that named this source.")
        private @Nullable String source;

        @Option(names = "--receipt", paramLabel = "ID", description = "Only this call.")
        private @Nullable UUID receipt;

        @Option(
                names = "--limit",
                defaultValue = "100",
                paramLabel = "N",
                description = "At most so many. Default: 100")
        private int limit = 100;

        DeadLetterQuery query(boolean settledToo) {
            return (settledToo ? DeadLetterQuery.any(limit) : DeadLetterQuery.open(limit))
                    .withCode(code == null ? null : RejectionCode.ofCode(code))
                    .withSource(source)
                    .withReceipt(receipt);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists dead letters, oldest first.")
    static final class ListLetters extends Sub {
        @Mixin
        private Filter filter = new Filter();

        @Option(names = "--all", description = "Also those that were replayed or discarded.")
        private boolean all;

        @Override
        public Integer call() {
            List<DeadLetter> letters = with(deadLetters -> deadLetters.list(filter.query(all)));
            if (json) {
                ObjectNode root = new ObjectMapper().createObjectNode();
                ArrayNode array = root.putArray("deadLetters");
                letters.forEach(letter -> array.add(toJson(letter)));
                out().println(root);
            } else {
                letters.forEach(letter -> out().printf(
                                "%s  row %d  %s%s  %s  %s%n",
                                letter.id(),
                                letter.row(),
                                letter.rejection().code().code(),
                                letter.rejection().field() == null
                                        ? ""
                                        : " (" + letter.rejection().field() + ")",
                                letter.source(),
                                letter.status().name().toLowerCase(Locale.ROOT)));
                out().println(letters.isEmpty() ? "No dead letters." : letters.size() + " dead letters.");
            }
            out().flush();
            return 0;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Says why one was not accepted and writes its original bytes to standard output.")
    static final class Show extends Sub {
        @Parameters(paramLabel = "ID", description = "Id of the dead letter.")
        private UUID id = new UUID(0, 0);

        @Option(names = "--raw", description = "Only the original bytes.")
        private boolean raw;

        @Override
        public Integer call() throws IOException {
            DeadLetter letter = with(deadLetters -> deadLetters.get(id));
            if (json) {
                out().println(toJson(letter));
            } else if (!raw) {
                out().printf(
                                "dead letter %s, row %d of receipt %s, source %s, %s%n%s%s: %s%n",
                                letter.id(),
                                letter.row(),
                                letter.receiptId(),
                                letter.source(),
                                letter.format(),
                                letter.rejection().code().code(),
                                letter.rejection().field() == null
                                        ? ""
                                        : ", field " + letter.rejection().field(),
                                letter.rejection().message());
            }
            out().flush();
            if (!json) {
                PrintStream bytes = System.out;
                bytes.write(letter.payload());
                bytes.flush();
                out().println(raw ? "" : System.lineSeparator());
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description =
                    "Tries dead letters again; safe to repeat. With --payload one letter is tried with corrected bytes.")
    static final class Replay extends Sub {
        @Parameters(arity = "0..*", paramLabel = "ID", description = "Which ones. Default: all open ones of the filter")
        private List<UUID> ids = List.of();

        @Mixin
        private Filter filter = new Filter();

        @Option(names = "--payload", paramLabel = "FILE", description = "Corrected bytes for the one letter named.")
        private @Nullable Path payload;

        @Override
        public Integer call() throws IOException {
            if (payload != null && ids.size() != 1) {
                throw new ParameterException(spec.commandLine(), "--payload goes with exactly one ID.");
            }
            byte @Nullable [] corrected = payload == null ? null : Files.readAllBytes(payload);
            List<IngestReceipt> receipts = with(deadLetters -> {
                List<DeadLetter> letters = ids.isEmpty()
                        ? deadLetters.list(filter.query(false))
                        : ids.stream().map(deadLetters::get).toList();
                return letters.stream()
                        .map(letter ->
                                deadLetters.replay(letter.id(), corrected == null ? letter.payload() : corrected))
                        .toList();
            });
            return print(receipts);
        }

        private int print(List<IngestReceipt> receipts) {
            long accepted = receipts.stream().mapToLong(IngestReceipt::accepted).sum();
            long duplicates =
                    receipts.stream().mapToLong(IngestReceipt::duplicates).sum();
            long open = receipts.size() - accepted - duplicates;
            if (json) {
                ObjectNode root = new ObjectMapper().createObjectNode();
                root.put("replayed", receipts.size());
                root.put("accepted", accepted);
                root.put("duplicates", duplicates);
                root.put("open", open);
                out().println(root);
            } else {
                out().printf(
                                "%d replayed: %d accepted, %d duplicates, %d still open%n",
                                receipts.size(), accepted, duplicates, open);
                receipts.forEach(receipt -> receipt.outcomes().stream()
                        .map(outcome -> outcome.rejection())
                        .filter(rejection -> rejection != null)
                        .forEach(rejection ->
                                out().println("  " + rejection.code().code() + ": " + rejection.message())));
            }
            out().flush();
            return open == 0 ? 0 : Failures.BAD_INPUT;
        }
    }

    private static ObjectNode toJson(DeadLetter letter) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("id", letter.id().toString());
        node.put("receiptId", letter.receiptId().toString());
        node.put("source", letter.source());
        node.put("row", letter.row());
        node.put("code", letter.rejection().code().code());
        node.put("field", letter.rejection().field());
        node.put("message", letter.rejection().message());
        node.put("format", letter.format());
        node.put("status", letter.status().name().toLowerCase(Locale.ROOT));
        node.put("attempts", letter.attempts());
        node.put("receivedAt", String.valueOf(letter.receivedAt()));
        node.put("payloadBase64", letter.payload());
        return node;
    }
}
