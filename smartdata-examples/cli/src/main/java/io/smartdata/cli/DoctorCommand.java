package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.jdbc.Finding;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.jdbc.JdbcStorage.Requirement;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at a database and says what to do. Changes nothing.",
            "Exit code 1 if there is an error; warnings alone are 0."
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--require",
            split = ",",
            paramLabel = "WHAT",
            description = "Make it an error if this is not so: restricted_role, row_security, tls.")
    private Set<Requirement> required = EnumSet.noneOf(Requirement.class);

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Finding> findings;
        try (JdbcStorage storage = database.storage().requiring(required)) {
            findings = storage.examine();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(findings));
        } else {
            findings.forEach(finding -> print(out, finding));
        }
        out.flush();
        return count(findings, Finding.Severity.ERROR) == 0 ? 0 : Failures.BAD_INPUT;
    }

    private static long count(List<Finding> findings, Finding.Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static void print(PrintWriter out, Finding finding) {
        out.printf("%-7s  %s  [%s]%n", finding.severity(), finding.what(), finding.code());
        if (!finding.remedy().isEmpty()) {
            out.printf("%-7s  -> %s%n", "", finding.remedy());
        }
    }

    private static String toJson(List<Finding> findings) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("errors", count(findings, Finding.Severity.ERROR));
        root.put("warnings", count(findings, Finding.Severity.WARNING));
        findings.forEach(finding -> root.withArray("findings")
                .addObject()
                .put("code", finding.code())
                .put("severity", finding.severity().name())
                .put("what", finding.what())
                .put("remedy", finding.remedy()));
        return root.toString();
    }
}
