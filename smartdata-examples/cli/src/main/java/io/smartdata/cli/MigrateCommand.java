package io.smartdata.cli;

import io.smartdata.jdbc.Migrations;
import io.smartdata.jdbc.PostgresRoles;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--print-roles",
            description = "Print the SQL that makes the PostgreSQL roles and gives them their rights; change nothing.")
    private boolean printRoles;

    @Option(
            names = "--row-security",
            description = "With --print-roles: also the SQL that puts the tables under row-level security.")
    private boolean rowSecurity;

    @Option(
            names = "--migrate-role",
            paramLabel = "ROLE",
            defaultValue = "smartdata_migrate",
            description = "Role that owns the tables. Default: ${DEFAULT-VALUE}")
    private String migrateRole = "";

    @Option(
            names = "--app-role",
            paramLabel = "ROLE",
            defaultValue = "smartdata_app",
            description = "Role of the application. Default: ${DEFAULT-VALUE}")
    private String appRole = "";

    @Option(
            names = "--read-role",
            paramLabel = "ROLE",
            defaultValue = "smartdata_read",
            description = "Role that only reads. Default: ${DEFAULT-VALUE}")
    private String readRole = "";

    @Mixin
    private Database database = new Database();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (rowSecurity && !printRoles) {
            throw new ParameterException(spec.commandLine(), "--row-security goes with --print-roles");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (printRoles) {
            PostgresRoles roles = new PostgresRoles(migrateRole, appRole, readRole);
            out.println(roles.sql());
            if (rowSecurity) {
                out.println(roles.rowSecuritySql());
            }
        } else if (printSql) {
            out.println(Migrations.sql(database.url()));
        } else {
            database.migrate(validateOnly);
            out.println(validateOnly ? "The tables are what this version needs." : "The tables are up to date.");
        }
        out.flush();
        return 0;
    }
}
