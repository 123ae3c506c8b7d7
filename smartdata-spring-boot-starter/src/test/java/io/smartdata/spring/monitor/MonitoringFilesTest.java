package io.smartdata.spring.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.health.AlertRules;
import io.smartdata.core.observe.Meter;
import io.smartdata.spring.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The files that the starter ships are what the constants of the code make of them.
 *
 * <p>After a change of constants: {@code mvn -pl smartdata-spring-boot-starter/hosts/boot41 -am test
 * -Dtest=MonitoringFilesTest -Dsurefire.failIfNoSpecifiedTests=false -Dsmartdata.rewrite=true}.
 */
class MonitoringFilesTest {
    private static final String SOURCES = "smartdata-spring-boot-starter/src/main/resources/META-INF/smartdata/";

    @Test
    void theDashboardIsMadeOfTheConstants() throws IOException {
        assertShipped("grafana-dashboard.json", GrafanaDashboard.json(AlertRules.defaults()));
    }

    @Test
    void theAlertRulesAreMadeOfTheConstants() throws IOException {
        assertShipped("prometheus-rules.yml", PrometheusRules.yaml(AlertRules.defaults()));
    }

    private static void assertShipped(String file, String made) throws IOException {
        Path source = Repository.file(SOURCES + file);
        if (Boolean.getBoolean("smartdata.rewrite")) {
            Files.createDirectories(source.getParent());
            Files.writeString(source, made);
        }
        assertThat(Files.readString(source))
                .as("%s; run with -Dsmartdata.rewrite=true to write it anew", file)
                .isEqualTo(made);
    }

    @Test
    void theFilesAreInTheJar() throws IOException {
        for (String file : new String[] {"grafana-dashboard.json", "prometheus-rules.yml"}) {
            try (var shipped = getClass().getResourceAsStream("/META-INF/smartdata/" + file)) {
                assertThat(shipped).as(file).isNotNull();
                assertThat(shipped.readAllBytes()).isEqualTo(Files.readAllBytes(Repository.file(SOURCES + file)));
            }
        }
    }

    @Test
    void everyMeterHasAPanel() throws IOException {
        Set<String> shown = new HashSet<>();
        for (String expression : Shipped.panels()) {
            shown.addAll(Expression.parse(expression).metrics());
        }
        for (Meter meter : Meter.values()) {
            assertThat(shown).as(meter.meterName()).anyMatch(metric -> metric.startsWith(baseOf(meter)));
        }
    }

    private static String baseOf(Meter meter) {
        return meter.meterName().replace('.', '_');
    }

    @Test
    void noPanelLiesOnAnother() throws IOException {
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : new ObjectMapper()
                .readTree(GrafanaDashboard.json(AlertRules.defaults()))
                .path("panels")) {
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    int column = place.path("x").asInt() + x;
                    assertThat(column).isLessThan(24);
                    assertThat(taken.add(column + "/" + (place.path("y").asInt() + y)))
                            .as("panel %s", panel.path("title"))
                            .isTrue();
                }
            }
        }
    }
}
