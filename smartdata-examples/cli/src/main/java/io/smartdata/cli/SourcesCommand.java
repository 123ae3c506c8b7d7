package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.storage.StoredSource;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "sources",
        mixinStandardHelpOptions = true,
        description = "Lists or declares the sources of an org.",
        subcommands = {SourcesCommand.ListSources.class, SourcesCommand.Declare.class, SourcesCommand.Require.class})
final class SourcesCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list, declare or require.");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the sources of an org.")
    static final class ListSources implements Callable<Integer> {
        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            List<StoredSource> sources =
                    call.with((smartData, org) -> smartData.sources(org).list());
            return call.answer(() -> toJson(sources), out -> sources.forEach(source -> print(out, source)));
        }

        private static void print(PrintWriter out, StoredSource source) {
            out.printf(
                    "%s: %s, conflicts %s, %s%n",
                    source.name(),
                    source.declared() ? "declared" : "not declared",
                    code(source.conflictPolicy()),
                    source.lastReceivedAt() == null
                            ? "no event yet"
                            : "events from " + source.firstReceivedAt() + " to " + source.lastReceivedAt());
        }

        private static String toJson(List<StoredSource> sources) {
            ArrayNode root = JSON.createArrayNode();
            for (StoredSource source : sources) {
                root.addObject()
                        .put("name", source.name())
                        .put("declared", source.declared())
                        .put("conflictPolicy", code(source.conflictPolicy()))
                        .put("firstReceivedAt", text(source.firstReceivedAt()))
                        .put("lastReceivedAt", text(source.lastReceivedAt()));
            }
            return root.toString();
        }
    }

    @Command(
            name = "declare",
            mixinStandardHelpOptions = true,
            description = "Declares a source, or changes what happens to its conflicts.")
    static final class Declare implements Callable<Integer> {
        @Option(names = "--source", required = true, paramLabel = "SOURCE", description = "The source.")
        private String source = "";

        @Option(
                names = "--conflicts",
                paramLabel = "POLICY",
                defaultValue = "REJECT",
                description = "reject: the stored event stays. last_wins: the new one takes its place."
                        + " Default: ${DEFAULT-VALUE}")
        private ConflictPolicy conflicts = ConflictPolicy.REJECT;

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return call.with((smartData, org) -> {
                smartData.sources(org).declare(source, conflicts);
                return call.answer(
                        () -> JSON.createObjectNode().put("source", source).put("conflictPolicy", code(conflicts)),
                        out -> out.printf("source %s declared, conflicts %s%n", source, code(conflicts)));
            });
        }
    }

    @Command(
            name = "require",
            mixinStandardHelpOptions = true,
            description = "Lets an org take events of declared sources only, or of any again.")
    static final class Require implements Callable<Integer> {
        @Option(
                names = "--declared",
                required = true,
                negatable = true,
                fallbackValue = "true",
                description = "Declared sources only; with --no-declared any source.")
        private boolean declared;

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return call.with((smartData, org) -> {
                smartData.sources(org).requireDeclared(declared);
                return call.answer(
                        () -> JSON.createObjectNode().put("org", call.org()).put("declaredOnly", declared),
                        out -> out.printf(
                                "org %s takes events of %s%n",
                                call.org(), declared ? "declared sources only" : "any source"));
            });
        }
    }

    private static String code(ConflictPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
