package io.smartdata.cli;

import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.kpi.Verification;
import java.time.LocalDate;
import picocli.CommandLine.Command;

@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = "Replaces the KPI cells of a range by a recount from the raw events, and says which were wrong.")
final class RebuildCommand extends RecountCommand {
    @Override
    Verification recount(Kpis kpis, LocalDate first, LocalDate end) {
        return kpis.rebuild(first, end);
    }

    @Override
    int exitCode(Verification found) {
        return 0;
    }

    @Override
    String conclusion(Verification found) {
        return found.differenceCount() == 0
                ? "Every cell was right; they were replaced by equal ones."
                : "The cells named above were wrong; they are replaced.";
    }
}
