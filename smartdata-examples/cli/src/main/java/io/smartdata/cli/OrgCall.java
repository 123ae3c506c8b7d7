package io.smartdata.cli;

import io.smartdata.core.SmartData;
import io.smartdata.tenancy.OrgScope;
import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a command about one org is told: which org, in which database, and how to answer. */
final class OrgCall {
    @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
    private String org = "";

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Something to be done in an org. */
    @FunctionalInterface
    interface Work<R, X extends Exception> {
        R in(SmartData smartData, OrgScope org) throws X;
    }

    /** Does it with the rights of an operator. */
    <R, X extends Exception> R with(Work<R, X> work) throws X {
        try (SmartData smartData = database.open()) {
            return work.in(smartData, Database.operator(smartData, org));
        }
    }

    /**
     * Prints one of the two.
     *
     * @return the exit code of success
     */
    int answer(Supplier<?> asJson, Consumer<PrintWriter> asText) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson.get());
        } else {
            asText.accept(out);
        }
        out.flush();
        return 0;
    }

    String org() {
        return org;
    }

    boolean json() {
        return json;
    }
}
