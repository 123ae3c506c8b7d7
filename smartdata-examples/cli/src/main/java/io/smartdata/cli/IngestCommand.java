package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.EpochUnit;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.ReceiptJson;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "Stores the events of files exactly once; running it again is free.",
        footer = {
            "",
            "Examples:",
            "  smartdata ingest orders.csv --org acme --source shop",
            "  smartdata ingest taxi.csv.gz --org nyc --source tlc --default-name passengers --org-zone America/New_York",
            "  smartdata ingest events.ndjson --org acme --source app --mode lenient --json",
            "  zstdcat events.ndjson.zst | smartdata ingest - --org acme --source app --mode lenient"
        })
final class IngestCommand implements Callable<Integer> {
    /** A file of this name is {@code ./-}. */
    private static final Path STDIN = Path.of("-");

    /** Of standard input; longer ones are for mode lenient, which reads once. */
    private static final int REMEMBERED_BYTES = 64 << 20;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "CSV, TSV, JSON or NDJSON, plain or gzip; - is standard input.")
    private List<Path> files = List.of();

    @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org the events belong to.")
    private String org = "";

    @Option(
            names = "--source",
            required = true,
            paramLabel = "SOURCE",
            description = "The emitter of events that do not name their own.")
    private String source = "";

    @Mixin
    private Database database = new Database();

    @Option(names = "--format", defaultValue = "auto", description = "auto, csv, json or ndjson. Default: auto")
    private Format format = Format.AUTO;

    @Option(
            names = "--mode",
            defaultValue = "strict",
            description =
                    "strict (all or nothing), lenient (good rows are stored) or validated (checked first, then in pieces)."
                            + " Default: strict")
    private Mode mode = Mode.STRICT;

    @Option(names = "--default-name", paramLabel = "NAME", description = "Name of events that have none.")
    private @Nullable String defaultName;

    @Option(
            names = "--identity",
            defaultValue = "auto",
            description =
                    "What makes two events the same: client (their id), content, natural (source, time, name) or auto."
                            + " Default: auto")
    private Identity identity = Identity.AUTO;

    @Option(
            names = "--org-zone",
            defaultValue = "UTC",
            paramLabel = "ZONE",
            description = "Zone of a new org's days, like Europe/Berlin. Default: UTC")
    private ZoneId orgZone = ZoneId.of("UTC");

    @Option(
            names = "--identity-scope",
            defaultValue = "day",
            description =
                    "How long an event id stays taken in a new org: day (per source and UTC day) or forever (per source; one"
                            + " more row for each event). Default: day")
    private IdentityScope identityScope = IdentityScope.DAY;

    @Option(
            names = "--map",
            paramLabel = "FIELD=COLUMN",
            description =
                    "Where a field is, like --map value=total. Fields: id source name occurredAt value subject entity"
                            + " session schemaVersion.")
    private Map<String, String> mapping = Map.of();

    @Option(names = "--zone", paramLabel = "ZONE", description = "Zone of times without one. Default: the org's zone")
    private @Nullable ZoneId zone;

    @Option(names = "--epoch", paramLabel = "UNIT", description = "Read bare numbers as times: seconds or millis.")
    private @Nullable EpochUnit epoch;

    @Option(names = "--delimiter", paramLabel = "CHAR", description = "CSV delimiter other than comma and tab.")
    private @Nullable Character delimiter;

    @Option(names = "--charset", paramLabel = "NAME", description = "Character set of the files. Default: strict UTF-8")
    private @Nullable Charset charset;

    @Option(names = "--dry-run", description = "Check and count, store nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        requireReadable();
        List<IngestReceipt> receipts = new ArrayList<>();
        try (SmartData smartData = database.withIdentityScope(identityScope).open(orgZone)) {
            OrgScope scope = Database.operator(smartData, org);
            warnOfOtherZone(smartData, scope);
            for (Path file : files) {
                try {
                    receipts.add(ingest(smartData, scope, file));
                } catch (SmartDataException e) {
                    return refused(file, e, receipts);
                }
            }
            if (!dryRun) {
                smartData.kpis(scope).compact();
            }
        }
        print(receipts);
        return receipts.stream()
                        .anyMatch(receipt -> receipt.conflicts() + receipt.rejected() > 0 && mode != Mode.LENIENT)
                ? Failures.BAD_INPUT
                : 0;
    }

    /** Files before the one that failed are stored: each is a call of its own. */
    private int refused(Path file, SmartDataException failure, List<IngestReceipt> before) {
        PrintWriter err = spec.commandLine().getErr();
        err.println((file.equals(STDIN) ? name(file) : file) + ":");
        if (!before.isEmpty()) {
            if (!json) {
                print(before);
            }
            err.printf(
                    "%s before it %s stored; what comes after it was not read.%n",
                    Counted.of(before.size(), "file"), before.size() == 1 ? "is" : "are");
        }
        return Failures.report(spec.commandLine(), json, failure, before);
    }

    private void warnOfOtherZone(SmartData smartData, OrgScope scope) {
        boolean asked = spec.commandLine().getParseResult().hasMatchedOption("--org-zone");
        if (asked) {
            smartData.zone(scope).filter(zone -> !zone.equals(orgZone)).ifPresent(zone -> {
                PrintWriter err = spec.commandLine().getErr();
                err.printf(
                        "The org %s has the zone %s already; --org-zone is for new orgs. To change it: smartdata org set --org %s --zone %s%n",
                        org, zone, org, orgZone);
                err.flush();
            });
        }
    }

    private IngestReceipt ingest(SmartData smartData, OrgScope scope, Path file) throws IOException {
        boolean stdin = file.equals(STDIN);
        try (ProgressLine progress =
                new ProgressLine(spec.commandLine().getErr(), name(file), stdin ? 0 : Files.size(file))) {
            IngestOptions options = new IngestOptions(readOptions(), mode, dryRun, null, progress);
            return stdin
                    ? smartData.ingest(scope).input(Input.once(System.in, REMEMBERED_BYTES), options)
                    : smartData.ingest(scope).file(file, options);
        }
    }

    private static String name(Path file) {
        return file.equals(STDIN) ? "standard input" : String.valueOf(file.getFileName());
    }

    private ReadOptions readOptions() {
        return ReadOptions.defaults(source)
                .withFormat(format)
                .withIdentity(identity)
                .withDefaultName(defaultName)
                .withMapping(mapping)
                .withZone(zone)
                .withEpochUnit(epoch)
                .withDelimiter(delimiter)
                .withCharset(charset);
    }

    private void requireReadable() {
        if (Collections.frequency(files, STDIN) > 1) {
            throw new ParameterException(spec.commandLine(), "Standard input is there once: name - once.");
        }
        for (Path file : files) {
            if (!file.equals(STDIN) && (!Files.isRegularFile(file) || !Files.isReadable(file))) {
                throw new SmartDataException(
                        "unreadable_input", "%s is not a readable file. Nothing was stored.".formatted(file));
            }
        }
    }

    private void print(List<IngestReceipt> receipts) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(receipts.size() == 1 ? ReceiptJson.write(receipts.get(0)) : total(receipts));
        } else {
            for (int i = 0; i < receipts.size(); i++) {
                ReceiptText.print(out, name(files.get(i)), receipts.get(i));
            }
        }
        out.flush();
    }

    private String total(List<IngestReceipt> receipts) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put(
                "received", receipts.stream().mapToLong(IngestReceipt::received).sum());
        root.put(
                "accepted", receipts.stream().mapToLong(IngestReceipt::accepted).sum());
        root.put(
                "duplicates",
                receipts.stream().mapToLong(IngestReceipt::duplicates).sum());
        root.put(
                "conflicts",
                receipts.stream().mapToLong(IngestReceipt::conflicts).sum());
        root.put(
                "rejected", receipts.stream().mapToLong(IngestReceipt::rejected).sum());
        ArrayNode list = root.putArray("receipts");
        for (IngestReceipt receipt : receipts) {
            list.add(Failures.tree(receipt));
        }
        return root.toString();
    }
}
