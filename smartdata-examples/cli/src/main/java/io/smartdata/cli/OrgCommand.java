package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.OrgSummary;
import io.smartdata.event.IdentityScope;
import io.smartdata.tenancy.CrossOrgScope;
import io.smartdata.tenancy.OrgId;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
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
        description = "Lists orgs, shows or changes the settings of one.",
        subcommands = {OrgCommand.ListOrgs.class, OrgCommand.Show.class, OrgCommand.Set.class})
final class OrgCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list, show or set.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the orgs that have data here. The audit log of the system says that somebody did.")
    static final class ListOrgs implements Callable<Integer> {
        @Mixin
        private Database database = new Database();

        @Option(names = "--json", description = "Print one JSON array.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            try (SmartData smartData = database.open()) {
                CrossOrgScope all = smartData.access().crossOrg(Database.CALLER);
                List<String> orgs = smartData.crossOrg(all).orgs().stream()
                        .map(OrgId::value)
                        .toList();
                PrintWriter out = spec.commandLine().getOut();
                if (json) {
                    out.println(new ObjectMapper().valueToTree(orgs).toString());
                } else {
                    orgs.forEach(out::println);
                }
                out.flush();
                return 0;
            }
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows the settings of an org.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return print(call, call.with((smartData, org) -> smartData.kpis(org).settings()));
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes the zone of an org; its KPIs are rebuilt from the raw events.")
    static final class Set implements Callable<Integer> {
        @Option(names = "--zone", required = true, paramLabel = "ZONE", description = "Zone of its days.")
        private ZoneId zone = ZoneId.of("UTC");

        @Mixin
        private OrgCall call = new OrgCall();

        @Override
        public Integer call() {
            return print(call, call.with((smartData, org) -> smartData.kpis(org).changeZone(zone)));
        }
    }

    private static int print(OrgCall call, OrgSummary settings) {
        return call.answer(
                () -> toJson(settings),
                out -> out.printf(
                        "org %s: zone %s, generation %d, raw events from %s, ids taken for %s%n",
                        settings.org(),
                        settings.zone(),
                        settings.generation(),
                        settings.rawFrom(),
                        settings.identityScope() == IdentityScope.DAY ? "their day" : "ever"));
    }

    private static String toJson(OrgSummary settings) {
        return new ObjectMapper()
                .createObjectNode()
                .put("org", settings.org().value())
                .put("zone", settings.zone().getId())
                .put("generation", settings.generation())
                .put("rawFrom", settings.rawFrom().toString())
                .put("identityScope", settings.identityScope().name().toLowerCase(Locale.ROOT))
                .toString();
    }
}
