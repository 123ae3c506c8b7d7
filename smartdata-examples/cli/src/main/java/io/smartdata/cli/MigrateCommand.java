package io.smartdata.cli;

import io.smartdata.jdbc.Migrations;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Creates or upgrades the tables. Every other command does so by itself.")
final class MigrateCommand implements Callable<Integer> {
    @Option(names = "--validate-only", description = "Only check that the tables are what this version needs.")
    private boolean validateOnly;

    @Option(names = "--print-sql", description = "Print the SQL for a database administrator; change nothing.")
    private boolean printSql;

    @Mixin
    private Database database = new Database();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (printSql) {
            out.println(Migrations.sql(database.url()));
        } else {
            database.migrate(validateOnly);
            out.println(validateOnly ? "The tables are what this version needs." : "The tables are up to date.");
        }
        out.flush();
        return 0;
    }
}
