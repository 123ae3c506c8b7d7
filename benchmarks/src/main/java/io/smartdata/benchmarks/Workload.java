package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Events like those of a shop: ten names over a week, a thousand subjects, about 200 bytes. */
final class Workload {
    static final OrgSettings ORG =
            new OrgSettings(OrgId.of("bench"), ZoneId.of("Europe/Berlin"), 1, Instant.EPOCH, new byte[32]);

    private Workload() {}

    static List<Event> events(int count, long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(Event.named(
                            "event_" + random.nextInt(10),
                            Instant.ofEpochSecond(1_700_000_000L + random.nextInt(604_800)))
                    .id(new UUID(random.nextLong(), random.nextLong()).toString())
                    .source("bench")
                    .value(BigDecimal.valueOf(random.nextInt(1_000_000), 2))
                    .subject("subject-" + random.nextInt(1000))
                    .properties(Map.of("country", random.nextBoolean() ? "DE" : "US"))
                    .build());
        }
        return events;
    }

    /** The same as CSV. */
    static String csv(List<Event> events) {
        StringBuilder csv = new StringBuilder("id,time,name,value,subject,country\n");
        for (Event event : events) {
            csv.append(event.id())
                    .append(',')
                    .append(event.occurredAt())
                    .append(',')
                    .append(event.name())
                    .append(',')
                    .append(event.value())
                    .append(',')
                    .append(event.subject())
                    .append(event.properties().json().contains("DE") ? ",DE\n" : ",US\n");
        }
        return csv.toString();
    }

    /** The same without the first column. */
    static String csvWithoutIds(List<Event> events) {
        return csv(events).replaceAll("(?m)^[^,]*,", "");
    }
}
