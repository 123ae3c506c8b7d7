package io.smartdata.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.core.ingest.Transformation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Tries open dead letters again, oldest first, as they are or corrected; safe to repeat, also at once from several nodes.")
final class ReplayCommand extends DeadLettersCommand.Sub {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "Which ones. Default: all open ones of the filter")
    private List<UUID> ids = List.of();

    @Mixin
    private DeadLettersCommand.Filter filter = new DeadLettersCommand.Filter();

    @Mixin
    private Fix fix = new Fix();

    @Option(names = "--payload", paramLabel = "FILE", description = "Corrected bytes for the one letter named.")
    private @Nullable Path payload;

    @Option(names = "--dry-run", description = "Only say what would happen.")
    private boolean dryRun;

    @Option(names = "--batch", paramLabel = "N", description = "Look up so many at a time. Default: 500")
    private @Nullable Integer batch;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "Leave those alone that were tried so often. Default: 5")
    private @Nullable Integer maxAttempts;

    @Option(names = "--limit", paramLabel = "N", description = "Try at most so many. Default: all")
    private @Nullable Long limit;

    /** What is done to payloads before they are read. */
    static final class Fix {
        @Option(
                names = "--fix",
                paramLabel = "FILE",
                description =
                        "Steps in their order, as JSON: [{\"rename\":{\"from\":\"ts\",\"to\":\"occurred_at\"}},{\"drop\":{\"field\":\"x\"}}]")
        private @Nullable Path file;

        @Option(
                names = "--rename",
                paramLabel = "FIELD=NAME",
                description =
                        "Give a field another name. Whatever their order here, it goes: fix, rename, drop, set, cast.")
        private Map<String, String> renames = new LinkedHashMap<>();

        @Option(names = "--drop", paramLabel = "FIELD", description = "Leave a field out.")
        private Set<String> drops = new LinkedHashSet<>();

        @Option(names = "--set", paramLabel = "FIELD=TEXT", description = "Give a field a text.")
        private Map<String, String> sets = new LinkedHashMap<>();

        @Option(
                names = "--cast",
                paramLabel = "FIELD=TYPE",
                description = "Write a value as number, text, boolean, or as a time of epoch_seconds or epoch_millis.")
        private Map<String, Transformation.Type> casts = new LinkedHashMap<>();

        Transformation transformation() throws IOException {
            Transformation all = file == null ? Transformation.none() : Transformation.parse(Files.readString(file));
            for (Map.Entry<String, String> rename : renames.entrySet()) {
                all = all.rename(rename.getKey(), rename.getValue());
            }
            for (String field : drops) {
                all = all.drop(field);
            }
            for (Map.Entry<String, String> set : sets.entrySet()) {
                all = all.set(set.getKey(), set.getValue());
            }
            for (Map.Entry<String, Transformation.Type> cast : casts.entrySet()) {
                all = all.cast(cast.getKey(), cast.getValue());
            }
            return all;
        }
    }

    @Override
    public Integer call() throws IOException {
        Transformation transformation = fix.transformation();
        if (payload == null) {
            ReplayRequest request = request(transformation);
            return report(with(deadLetters -> {
                ids.forEach(deadLetters::get); // an id that does not exist is a mistake, not a letter less
                return deadLetters.replay(request);
            }));
        }
        if (ids.size() != 1 || !transformation.steps().isEmpty()) {
            throw usage("--payload goes with exactly one ID and no other correction.");
        }
        byte[] corrected = Files.readAllBytes(payload);
        return report(with(deadLetters -> deadLetters.replay(ids.get(0), corrected, dryRun)));
    }

    private ReplayRequest request(Transformation transformation) {
        ReplayRequest request = ReplayRequest.of(filter.filter().withIds(Set.copyOf(ids)))
                .withFix(transformation)
                .withDryRun(dryRun);
        request = batch == null ? request : request.withBatchSize(batch);
        request = maxAttempts == null ? request : request.withMaxAttempts(maxAttempts);
        return limit == null ? request : request.withLimit(limit);
    }

    private int report(ReplayReport report) {
        if (json()) {
            print(toJson(report));
        } else {
            out().printf(
                            "%s%s: %,d accepted, %s, %,d failed, %,d tried too often, %,d held back behind"
                                    + " an earlier one of their subject, %,d settled before%n",
                            Counted.of(report.letters(), "dead letter"),
                            report.dryRun() ? " (dry run)" : "",
                            report.accepted(),
                            Counted.of(report.duplicates(), "duplicate"),
                            report.failed(),
                            report.atCap(),
                            report.heldBack(),
                            report.settledBefore());
            report.failures().forEach(failure -> {
                if (failure.rejection() != null) {
                    out().printf(
                                    "  %s %s: %s%n",
                                    failure.deadLetterId(),
                                    failure.rejection().code().code(),
                                    failure.rejection().message());
                }
            });
            if (report.stopped() != null) {
                out().println("Stopped: " + report.stopped().getMessage());
            }
            if (report.more()) {
                out().println("The filter has more letters: run it again.");
            }
            out().flush();
        }
        if (report.stopped() != null) {
            return Failures.STORE;
        }
        return report.open() == 0 ? 0 : Failures.BAD_INPUT;
    }

    private static ObjectNode toJson(ReplayReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("letters", report.letters());
        root.put("accepted", report.accepted());
        root.put("duplicates", report.duplicates());
        root.put("failed", report.failed());
        ObjectNode byCode = root.putObject("failedByCode");
        report.failedByCode().forEach((code, letters) -> byCode.put(code.code(), letters));
        root.put("atCap", report.atCap());
        root.put("heldBack", report.heldBack());
        root.put("settledBefore", report.settledBefore());
        root.put("open", report.open());
        root.put("more", report.more());
        if (report.stopped() != null) {
            root.putObject("stopped")
                    .put("code", report.stopped().code())
                    .put("retryAfterMillis", report.stopped().retryAfter().toMillis());
        }
        root.put("dryRun", report.dryRun());
        root.set("failures", ReceiptJson.outcomes(report.failures()));
        return root;
    }
}
