package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.deadletter.DeadLetters;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterCount;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
            DeadLettersCommand.Summary.class,
            DeadLettersCommand.Show.class,
            ReplayCommand.class,
            DeadLettersCommand.Discard.class,
            DeadLettersCommand.Reopen.class
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a subcommand: list, summary, show, replay, discard or reopen.");
    }

    /** What the subcommands share. */
    abstract static class Sub implements Callable<Integer> {
        static final ObjectMapper JSON = new ObjectMapper();

        @Mixin
        private OrgCall call = new OrgCall();

        @Spec
        CommandSpec spec = CommandSpec.create();

        <R> R with(Function<DeadLetters, R> work) {
            return call.with((smartData, org) -> work.apply(smartData.deadLetters(org)));
        }

        boolean json() {
            return call.json();
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        ParameterException usage(String message) {
            return new ParameterException(spec.commandLine(), message);
        }

        void print(ObjectNode root) {
            out().println(root);
            out().flush();
        }
    }

    /** Which letters. */
    static final class Filter {
        @Option(names = "--code", paramLabel = "CODE", split = ",", description = "Only these rejection codes.")
        private Set<RejectionCode> codes = new LinkedHashSet<>();

        @Option(names = "--source", paramLabel = "SOURCE", description = "Only calls that named this source.")
        private @Nullable String source;

        @Option(names = "--receipt", paramLabel = "ID", description = "Only this call.")
        private @Nullable UUID receipt;

        @Option(names = "--from", paramLabel = "INSTANT", description = "Only those received then or later.")
        private @Nullable Instant from;

        @Option(names = "--to", paramLabel = "INSTANT", description = "Only those received before.")
        private @Nullable Instant to;

        DeadLetterFilter filter() {
            return DeadLetterFilter.any()
                    .withCodes(codes)
                    .withSource(source)
                    .withReceipt(receipt)
                    .withReceived(from, to);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists dead letters, oldest first.")
    static final class ListLetters extends Sub {
        @Mixin
        private Filter filter = new Filter();

        @Option(names = "--status", paramLabel = "STATUS", description = "open, replayed or discarded. Default: open")
        private DeadLetter.Status status = DeadLetter.Status.OPEN;

        @Option(names = "--all", description = "Whatever became of them.")
        private boolean all;

        @Option(
                names = "--limit",
                defaultValue = "100",
                paramLabel = "N",
                description = "At most so many. Default: ${DEFAULT-VALUE}")
        private int limit = 100;

        @Option(names = "--after", paramLabel = "ID", description = "Go on after this one, the last that was listed.")
        private @Nullable UUID after;

        @Override
        public Integer call() {
            DeadLetterFilter wanted = filter.filter().withStatus(all ? null : status);
            List<DeadLetter> letters = with(deadLetters -> deadLetters.list(
                    new DeadLetterQuery(wanted, after == null ? null : deadLetters.get(after), limit)));
            if (json()) {
                ObjectNode root = JSON.createObjectNode();
                ArrayNode array = root.putArray("deadLetters");
                letters.forEach(letter -> array.add(toJson(letter)));
                print(root);
                return 0;
            }
            letters.forEach(letter -> out().printf(
                            "%s  %s  row %d  %s%s  %s  %s, %s%s%n",
                            letter.id(),
                            letter.receivedAt(),
                            letter.row(),
                            letter.rejection().code().code(),
                            letter.rejection().field() == null
                                    ? ""
                                    : " (" + letter.rejection().field() + ")",
                            letter.source(),
                            name(letter.status()),
                            Counted.of(letter.attempts(), "attempt"),
                            letter.note() == null ? "" : ": " + letter.note()));
            out().println(inAll(letters.size()));
            if (letters.size() == limit) {
                out().println("There may be more: --after "
                        + letters.get(limit - 1).id());
            }
            out().flush();
            return 0;
        }
    }

    @Command(
            name = "summary",
            mixinStandardHelpOptions = true,
            description = "Counts dead letters by reason, source and what became of them.")
    static final class Summary extends Sub {
        @Mixin
        private Filter filter = new Filter();

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "open, replayed or discarded. Default: whatever became of them")
        private DeadLetter.@Nullable Status status;

        @Override
        public Integer call() {
            List<DeadLetterCount> counts =
                    with(deadLetters -> deadLetters.counts(filter.filter().withStatus(status)));
            if (json()) {
                ObjectNode root = JSON.createObjectNode();
                ArrayNode array = root.putArray("counts");
                counts.forEach(count -> array.addObject()
                        .put("code", count.code().code())
                        .put("source", count.source())
                        .put("status", name(count.status()))
                        .put("letters", count.letters())
                        .put("first", count.first().toString())
                        .put("last", count.last().toString()));
                print(root);
                return 0;
            }
            counts.forEach(count -> out().printf(
                            "%,10d  %-9s  %-20s  %s  (%s to %s)%n",
                            count.letters(),
                            name(count.status()),
                            count.code().code(),
                            count.source(),
                            count.first(),
                            count.last()));
            out().println(inAll(total(counts)));
            out().flush();
            return 0;
        }

        private static long total(List<DeadLetterCount> counts) {
            return counts.stream().mapToLong(DeadLetterCount::letters).sum();
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

        private record Shown(DeadLetter letter, byte[] payload) {}

        @Override
        public Integer call() {
            Shown shown = with(deadLetters -> new Shown(deadLetters.get(id), deadLetters.payload(id)));
            DeadLetter letter = shown.letter();
            if (json()) {
                print(toJson(letter).put("payloadBase64", shown.payload()));
                return 0;
            }
            if (!raw) {
                out().printf(
                                "dead letter %s, row %d of receipt %s, source %s, %s, %s%n%s%s: %s%n",
                                letter.id(),
                                letter.row(),
                                letter.receiptId(),
                                letter.source(),
                                letter.format(),
                                name(letter.status()),
                                letter.rejection().code().code(),
                                letter.rejection().field() == null
                                        ? ""
                                        : ", field " + letter.rejection().field(),
                                letter.rejection().message());
            }
            out().flush();
            System.out.writeBytes(shown.payload());
            System.out.flush();
            out().println(raw ? "" : System.lineSeparator());
            out().flush();
            return 0;
        }
    }

    /** What changes many letters at once. */
    abstract static class Change extends Sub {
        @Parameters(arity = "0..*", paramLabel = "ID", description = "Which ones.")
        private List<UUID> ids = List.of();

        @Mixin
        private Filter filter = new Filter();

        @Option(names = "--all", description = "All of them, when neither an ID nor a filter is given.")
        private boolean all;

        /** All letters of an org are not to be changed by an option forgotten. */
        DeadLetterFilter chosen() {
            DeadLetterFilter chosen = filter.filter().withIds(Set.copyOf(ids));
            if (chosen.equals(DeadLetterFilter.any()) && !all) {
                throw usage("Name letters, or filter them, or say --all.");
            }
            return chosen;
        }

        int report(String what, long letters) {
            if (json()) {
                print(JSON.createObjectNode().put(what, letters));
            } else {
                out().println(Counted.of(letters, "dead letter") + " " + what);
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Gives up on open dead letters; they stay and can be opened again.")
    static final class Discard extends Change {
        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; kept with the letters.")
        private String reason = "";

        @Override
        public Integer call() {
            DeadLetterFilter chosen = chosen();
            return report("discarded", with(deadLetters -> deadLetters.discard(chosen, reason)));
        }
    }

    @Command(
            name = "reopen",
            mixinStandardHelpOptions = true,
            description = "Opens discarded dead letters again; their attempts start from 0.")
    static final class Reopen extends Change {
        @Override
        public Integer call() {
            DeadLetterFilter chosen = chosen();
            return report("reopened", with(deadLetters -> deadLetters.reopen(chosen)));
        }
    }

    private static String inAll(long letters) {
        return letters == 0 ? "No dead letters." : Counted.of(letters, "dead letter") + ".";
    }

    private static String name(DeadLetter.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode toJson(DeadLetter letter) {
        ObjectNode node = Sub.JSON.createObjectNode();
        node.put("id", letter.id().toString());
        node.put("receiptId", letter.receiptId().toString());
        node.put("source", letter.source());
        node.put("row", letter.row());
        node.put("code", letter.rejection().code().code());
        node.put("field", letter.rejection().field());
        node.put("message", letter.rejection().message());
        node.put("format", letter.format());
        node.put("status", name(letter.status()));
        node.put("attempts", letter.attempts());
        node.put("note", letter.note());
        node.put("receivedAt", String.valueOf(letter.receivedAt()));
        return node;
    }
}
