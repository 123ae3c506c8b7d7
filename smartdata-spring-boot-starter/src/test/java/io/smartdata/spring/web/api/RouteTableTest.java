package io.smartdata.spring.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.spring.Repository;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the table offers, and what it leaves out. */
class RouteTableTest {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");

    /** A route as pages write it, without its parameters. */
    private static final Pattern NAMED =
            Pattern.compile("`(GET|POST|PUT|DELETE) (?:/smartdata)?(/api/v1/[a-zA-Z0-9/{}.-]*)");

    private static final Map<String, String> WITHOUT_ROUTE = Map.ofEntries(
            Map.entry("Access.scope", "asked by every route"),
            Map.entry("Access.crossOrg", "asked by every route across orgs"),
            Map.entry("SmartData.zone", "part of the org's settings"),
            Map.entry("SmartData.start", "of the application, not of a caller"),
            Map.entry("SmartData.stop", "of the application, not of a caller"),
            Map.entry("SmartData.close", "of the application, not of a caller"),
            Map.entry("SmartData.health", "of the node: Actuator has it"),
            Map.entry("Kpis.requireExisting", "what deriving from a KPI asks for"),
            Map.entry("Anomalies.judge", "a step of the job anomalies"),
            Map.entry("Anomalies.withIncidents", "a step of the job anomalies"),
            Map.entry("Anomalies.keep", "a step of the job anomalies"),
            Map.entry("Forecasts.updatable", "a step of the job forecasts"),
            Map.entry("Jobs.begin", "what CrossOrg.runJob calls"),
            Map.entry("Jobs.run", "holds its caller until the job ends; CrossOrg.runJob does not"),
            Map.entry("Jobs.runDue", "of the application's scheduler, not of a caller"),
            Map.entry("Jobs.health", "of the node: Actuator has it"),
            Map.entry("Maintenance.compact", "of the application's scheduler, not of a caller"),
            Map.entry("Maintenance.storage", "of the application's scheduler, not of a caller"),
            Map.entry("Ingest.replay", "what DeadLetters.replay calls"));

    private final List<Route> routes = Table.routes();

    @Test
    void everyOperationHasARouteOrAReasonToHaveNone() {
        Set<String> operations = new TreeSet<>();
        enter(SmartData.class, new HashSet<>(), operations);
        Set<String> offered =
                routes.stream().flatMap(route -> route.operations().stream()).collect(Collectors.toSet());
        assertThat(operations).as("all operations").containsAll(offered).containsAll(WITHOUT_ROUTE.keySet());
        assertThat(offered)
                .as("offered, though it has a reason not to be")
                .doesNotContainAnyElementsOf(WITHOUT_ROUTE.keySet());
        operations.removeAll(offered);
        assertThat(operations)
                .as("operations without a route")
                .containsExactlyInAnyOrderElementsOf(WITHOUT_ROUTE.keySet());
    }

    private static void enter(Class<?> room, Set<Class<?>> rooms, Set<String> operations) {
        if (!rooms.add(room)) {
            return;
        }
        for (Method method : room.getDeclaredMethods()) {
            Class<?> answer = method.getReturnType();
            if (!Modifier.isPublic(method.getModifiers())
                    || Modifier.isStatic(method.getModifiers())
                    || method.isSynthetic()) {
                continue;
            }
            if (answer.getName().startsWith("io.smartdata.core.") && !answer.isRecord() && !answer.isEnum()) {
                enter(answer, rooms, operations);
            } else {
                operations.add(room.getSimpleName() + "." + method.getName());
            }
        }
    }

    @Test
    void everyRouteHasAnIdOfItsOwnAndSaysWhoMayCall() {
        assertThat(routes).extracting(Route::id).doesNotHaveDuplicates();
        assertThat(routes)
                .allSatisfy(route -> assertThat(route.permissions().isEmpty())
                        .as(route.id())
                        .isEqualTo(route.access() != Route.Access.ORG));
    }

    @Test
    void thePartsOfAPathAreItsPathParameters() {
        assertThat(routes)
                .allSatisfy(route -> assertThat(route.parameters().stream()
                                .filter(parameter -> parameter.in() == Parameter.In.PATH)
                                .map(Parameter::name))
                        .as(route.id())
                        .containsExactlyElementsOf(VARIABLE.matcher(route.path())
                                .results()
                                .map((MatchResult match) -> match.group(1))
                                .toList()));
    }

    @Test
    void everyRouteThatAPageNamesExists() throws IOException {
        Set<String> known = routes.stream()
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toSet());
        try (Stream<Path> pages = Files.walk(Repository.file("docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                List<String> named = NAMED.matcher(Files.readString(page))
                        .results()
                        .map((MatchResult match) -> match.group(1) + " " + match.group(2))
                        .toList();
                assertThat(known).as("routes, as %s names them", page).containsAll(named);
            }
        }
    }
}
