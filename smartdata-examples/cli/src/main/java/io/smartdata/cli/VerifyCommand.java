package io.smartdata.cli;

import io.smartdata.core.kpi.Kpis;
import io.smartdata.core.kpi.Verification;
import java.time.LocalDate;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Recounts every KPI from the raw events and compares exactly; exit code 1 when there are differences.")
final class VerifyCommand extends RecountCommand {
    @Override
    Verification recount(Kpis kpis, LocalDate first, LocalDate end) {
        return kpis.verify(first, end);
    }

    @Override
    int exitCode(Verification found) {
        return found.differenceCount() == 0 ? 0 : Failures.BAD_INPUT;
    }

    @Override
    String conclusion(Verification found) {
        return found.differenceCount() == 0
                ? "Every figure is what its events say."
                : "The cells named above do not match their events: smartdata rebuild replaces them.";
    }
}
