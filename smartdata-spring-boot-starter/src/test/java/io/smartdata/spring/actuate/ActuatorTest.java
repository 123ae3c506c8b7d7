package io.smartdata.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a probe and an operator read over HTTP. */
class ActuatorTest {
    @TempDir
    private Path folder;

    @Test
    void healthHasAllComponentsAndIsUp() throws Exception {
        try (RunningHost host = RunningHost.open(
                folder,
                "management.endpoints.web.exposure.include=health",
                "management.endpoint.health.show-details=always")) {
            JsonNode health = host.get("/actuator/health/smartData").json();
            assertThat(health.path("status").asText()).isEqualTo("UP");
            assertThat(health.path("details").properties())
                    .extracting(Map.Entry::getKey)
                    .contains("store", "backlog", "lag", "freshness", "jobs", "lagSeconds", "measuredAt");
        }
    }

    @Test
    void healthMayBeLeftOut() throws Exception {
        try (RunningHost host = RunningHost.open(folder, "management.health.smartdata.enabled=false")) {
            assertThat(host.get("/actuator/health/smartData").status()).isEqualTo(404);
        }
    }

    @Test
    void theEndpointTellsHealthAndJobs() throws Exception {
        try (RunningHost host = RunningHost.open(folder, "management.endpoints.web.exposure.include=smartdata")) {
            JsonNode answer = host.get("/actuator/smartdata").json();
            assertThat(answer.path("status").asText()).isEqualTo("UP");
            assertThat(answer.path("reasons")).isEmpty();
            assertThat(answer.path("jobs").findValuesAsText("name")).contains("compaction", "forecasts");
        }
    }

    @Test
    void theEndpointIsThereOnlyWhereItIsExposed() throws Exception {
        try (RunningHost host = RunningHost.open(folder)) {
            assertThat(host.get("/actuator/smartdata").status()).isEqualTo(404);
        }
    }
}
