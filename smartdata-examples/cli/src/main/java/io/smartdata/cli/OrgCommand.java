package io.smartdata.cli;

import io.smartdata.core.SmartData;
import io.smartdata.tenancy.OrgSettings;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "org",
        mixinStandardHelpOptions = true,
        description = "Shows or changes the settings of an org.",
        subcommands = {OrgCommand.Show.class, OrgCommand.Set.class})
final class OrgCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: show or set.");
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows the settings of an org.")
    static final class Show implements Callable<Integer> {
        @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
        private String org = "";

        @Mixin
        private Database database = new Database();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            try (SmartData smartData = database.open()) {
                print(spec, smartData.kpis(Database.operator(smartData, org)).settings());
                return 0;
            }
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes the zone of an org; its KPIs are rebuilt from the raw events.")
    static final class Set implements Callable<Integer> {
        @Option(names = "--org", required = true, paramLabel = "ORG", description = "The org.")
        private String org = "";

        @Option(names = "--zone", required = true, paramLabel = "ZONE", description = "Zone of its days.")
        private ZoneId zone = ZoneId.of("UTC");

        @Mixin
        private Database database = new Database();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            try (SmartData smartData = database.open()) {
                print(spec, smartData.kpis(Database.operator(smartData, org)).changeZone(zone));
                return 0;
            }
        }
    }

    private static void print(CommandSpec spec, OrgSettings settings) {
        spec.commandLine()
                .getOut()
                .printf(
                        "org %s: zone %s, generation %d, raw events from %s%n",
                        settings.org(), settings.zone(), settings.generation(), settings.rawFrom());
        spec.commandLine().getOut().flush();
    }
}
