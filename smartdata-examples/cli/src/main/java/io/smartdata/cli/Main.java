package io.smartdata.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.UUID;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
            ExportsCommand.class,
            OrgCommand.class,
            AuditCommand.class,
            SourcesCommand.class,
            RetractCommand.class,
            JobsCommand.class,
            MaintainCommand.class,
            MigrateCommand.class,
            DoctorCommand.class,
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
        Stdout stdout = Stdout.install();
        int exitCode = commandLine().execute(args);
        if (exitCode == 0 && stdout.failed()) {
            System.err.println("smartdata: The results could not be written to standard output.");
            exitCode = Failures.BAD_INPUT;
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new Main())
                .registerConverter(
                        LocalDate.class, text -> converted(() -> LocalDate.parse(text), "a day like 2026-01-31"))
                .registerConverter(ZoneId.class, text -> converted(() -> ZoneId.of(text), "a zone like Europe/Berlin"))
                .registerConverter(
                        Instant.class,
                        text -> converted(() -> Instant.parse(text), "an instant like 2026-01-31T00:00:00Z"))
                .registerConverter(
                        UUID.class, text -> converted(() -> UUID.fromString(text), "an id as list prints it"))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** What a Java class would say about wrong text helps nobody. */
    private static <T> T converted(Supplier<T> conversion, String wanted) {
        try {
            return conversion.get();
        } catch (DateTimeException | IllegalArgumentException e) {
            TypeConversionException explained = new TypeConversionException("write " + wanted);
            explained.initCause(e);
            throw explained;
        }
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
