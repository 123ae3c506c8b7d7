package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.kpi.CellDifference;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.kpi.Verification;
import io.smartdata.kpi.CellRange;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code verify} and {@code rebuild} share: both recount the cells of a range from raw events. */
abstract class RecountCommand implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "DAY", description = "First local day. Default: the first with events")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Local day after the last. Default: after all events")
    private @Nullable LocalDate to;

    @Mixin
    private OrgCall call = new OrgCall();

    abstract Verification recount(Kpis kpis, LocalDate first, LocalDate end);

    abstract int exitCode(Verification found);

    abstract String conclusion(Verification found);

    @Override
    public Integer call() {
        Verification found = call.with((smartData, org) -> recount(
                smartData.kpis(org), from == null ? CellRange.FIRST_DAY : from, to == null ? CellRange.END : to));
        call.answer(() -> toJson(found), out -> print(out, found));
        return exitCode(found);
    }

    private void print(PrintWriter out, Verification found) {
        out.printf(
                "%s recounted from %s, %s%n",
                Counted.of(found.cells(), "cell"),
                Counted.of(found.events(), "event"),
                Counted.of(found.differenceCount(), "difference"));
        found.differences().forEach(difference -> out.println("  " + text(difference)));
        out.println(conclusion(found));
    }

    private static String text(CellDifference difference) {
        return "%s on %s, source %s%s: %s, %s stored, %,d counted"
                .formatted(
                        String.join(", ", difference.kpis()),
                        difference.key().bucket(),
                        difference.key().source(),
                        difference.key().dimension().isEmpty()
                                ? ""
                                : ", " + difference.key().dimension(),
                        difference.kind().name().toLowerCase(Locale.ROOT),
                        Counted.of(difference.storedEvents(), "event"),
                        difference.countedEvents());
    }

    private static String toJson(Verification found) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("cells", found.cells());
        root.put("differences", found.differenceCount());
        root.put("events", found.events());
        ArrayNode list = root.putArray("differing");
        for (CellDifference difference : found.differences()) {
            ObjectNode node = list.addObject();
            difference.kpis().forEach(node.putArray("kpis")::add);
            node.put("bucket", difference.key().bucket());
            node.put("source", difference.key().source());
            node.put("dimension", difference.key().dimension());
            node.put("kind", difference.kind().name().toLowerCase(Locale.ROOT));
            node.put("storedEvents", difference.storedEvents());
            node.put("countedEvents", difference.countedEvents());
        }
        return root.toString();
    }
}
