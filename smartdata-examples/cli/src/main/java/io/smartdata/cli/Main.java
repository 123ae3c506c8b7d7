package io.smartdata.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of the command {@code smartdata}. */
@Command(
        name = "smartdata",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Events in, provable KPIs, anomalies and forecasts out: in your own database.",
        subcommands = {
            DemoCommand.class,
            IngestCommand.class,
            KpisCommand.class,
            DetectCommand.class,
            ForecastCommand.class,
            VerifyCommand.class,
            RebuildCommand.class,
            DeadLettersCommand.class,
            ExportCommand.class,
            OrgCommand.class,
            MigrateCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 bad input or differences found, 2 wrong usage, 3 database unavailable.",
            "Start with: smartdata demo"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs one command; ends the JVM only when it failed, so that a build tool can run it inside its own. */
    public static void main(String[] args) {
        int exitCode = commandLine().execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new Failures());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** Says which build this is. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"smartdata " + (version == null ? "(not packaged)" : version)};
        }
    }
}
