package io.smartdata.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.health.Health;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthReportTest {
    private static Health health(Health.Component... components) {
        return new Health(List.of(components), null, Instant.EPOCH);
    }

    @Test
    void theWorstComponentIsTheStatus() {
        Health.Component late = Health.Component.of("lag", Health.Status.DEGRADED);
        Health.Component gone = new Health.Component("store", Health.Status.DOWN, "store_unavailable");
        assertThat(HealthReport.status(health())).isEqualTo("UP");
        assertThat(HealthReport.status(health(late))).isEqualTo("DEGRADED");
        assertThat(HealthReport.status(health(late, gone))).isEqualTo("DOWN");
    }

    @Test
    void aFailedComponentNamesItsCode() {
        assertThat(HealthReport.details(health(new Health.Component("store", Health.Status.DOWN, "store_unavailable"))))
                .containsEntry("store", "DOWN: store_unavailable");
    }
}
