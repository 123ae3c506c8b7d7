package io.smartdata.spring.actuate;

import io.smartdata.core.freshness.Freshness;
import io.smartdata.core.health.Health;
import java.util.LinkedHashMap;
import java.util.Map;

/** Health in the words of Actuator, the same on both lines of Spring Boot. */
final class HealthReport {
    /** A status of our own: not {@code DOWN}, since no load balancer should take away a node that answers rightly. */
    static final String DEGRADED = "DEGRADED";

    private HealthReport() {}

    static String status(Health health) {
        return switch (health.status()) {
            case UP -> "UP";
            case DEGRADED -> DEGRADED;
            case DOWN -> "DOWN";
        };
    }

    /** The components, and how far behind the slowest org is. */
    static Map<String, Object> details(Health health) {
        Map<String, Object> details = new LinkedHashMap<>();
        for (Health.Component component : health.components()) {
            String code = component.code();
            details.put(component.name(), code == null ? component.status().name() : component.status() + ": " + code);
        }
        Freshness freshness = health.freshness();
        if (freshness != null) {
            details.put("lagSeconds", freshness.lag().toSeconds());
            details.put("backlogBatches", freshness.backlog().batches());
        }
        details.put("measuredAt", health.measuredAt().toString());
        return details;
    }
}
