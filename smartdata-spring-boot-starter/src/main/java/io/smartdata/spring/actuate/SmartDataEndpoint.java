package io.smartdata.spring.actuate;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.freshness.DerivedFreshness;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.core.health.Health;
import io.smartdata.core.jobs.JobStatus;
import io.smartdata.storage.JobRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The endpoint {@code smartdata}: health with its reasons, how old derived answers are, and the jobs, of all orgs together.
 *
 * @since 0.1.0
 */
@Endpoint(id = "smartdata")
public final class SmartDataEndpoint {
    private final SmartData smartData;

    public SmartDataEndpoint(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Text, numbers, lists and maps only, so that every host writes them alike. */
    @ReadOperation
    public Map<String, Object> smartData() {
        Health health = smartData.health();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", HealthReport.status(health));
        answer.put("reasons", health.reasons());
        answer.put("health", HealthReport.details(health));
        Freshness freshness = health.freshness();
        answer.put(
                "derived",
                freshness == null
                        ? List.of()
                        : freshness.derived().stream()
                                .map(SmartDataEndpoint::derived)
                                .toList());
        answer.put("jobs", jobs(health));
        return answer;
    }

    private static Map<String, Object> derived(DerivedFreshness derived) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("answer", derived.answer().name().toLowerCase(Locale.ROOT));
        answer.put("dataFreshAsOf", derived.dataFreshAsOf().toString());
        answer.put("overdueSeconds", derived.overdue().toSeconds());
        answer.put("stale", derived.stale());
        return answer;
    }

    /** Whoever looks at an outage should read about it, not wait for the store once for every job. */
    private List<Map<String, Object>> jobs(Health health) {
        return health.status() == Health.Status.DOWN
                ? List.of()
                : smartData.jobs().list().stream().map(SmartDataEndpoint::job).toList();
    }

    private static Map<String, Object> job(JobStatus job) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", job.name());
        answer.put("schedule", job.schedule());
        putIfThere(answer, "next", job.next());
        JobRun last = job.last();
        if (last != null) {
            answer.put("lastSlot", last.slot().toString());
            answer.put("lastStatus", last.status().name().toLowerCase(Locale.ROOT));
            putIfThere(answer, "lastError", last.errorCode());
        }
        return answer;
    }

    private static void putIfThere(Map<String, Object> answer, String name, @Nullable Object value) {
        if (value != null) {
            answer.put(name, value.toString());
        }
    }
}
