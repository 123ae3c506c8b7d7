package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.Properties;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Events that are unlike each other: random UUID ids, ten names, a thousand subjects, a value with cents, six properties;
 * about 250 bytes each. Equal seeds give equal events.
 */
final class IngestWorkload {
    static final String SOURCE = "web-shop";
    static final String CSV_HEADER = "id,time,name,value,subject,campaign,country,device,path,referrer,visit\n";
    private static final Instant START = Instant.parse("2023-11-14T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(3);
    private static final List<String> NAMES = List.of(
            "page_view",
            "search",
            "product_view",
            "add_to_cart",
            "remove_from_cart",
            "checkout_started",
            "order_placed",
            "order_paid",
            "refund_issued",
            "newsletter_signup");
    private static final List<String> SUBJECTS =
            IntStream.range(0, 1000).mapToObj("customer-%06d"::formatted).toList();
    private static final List<String> COUNTRIES = List.of("DE", "FR", "GB", "IT", "NL", "PL", "SE", "US");
    private static final List<String> DEVICES = List.of("desktop", "mobile", "tablet");

    private final SplittableRandom random;

    IngestWorkload(long seed) {
        random = new SplittableRandom(seed);
    }

    /** All events of one run, over three days, in batches; the last one may be smaller. */
    static List<List<Event>> batches(int events, int batch, long seed) {
        IngestWorkload workload = new IngestWorkload(seed);
        List<List<Event>> batches = new ArrayList<>();
        for (int from = 0; from < events; from += batch) {
            batches.add(workload.batch(Math.min(batch, events - from), START, SPAN));
        }
        return batches;
    }

    /** The next events, at random times within a span. */
    List<Event> batch(int events, Instant start, Duration span) {
        List<Event> batch = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            batch.add(next(start, span).event());
        }
        return batch;
    }

    /** The next event as a line of CSV, over three days. */
    String csvRow() {
        return next(START, SPAN).csv();
    }

    /** One event of a name on each day from the first. */
    List<Event> daily(String name, Instant first, int days) {
        List<Event> events = new ArrayList<>(days);
        for (int day = 0; day < days; day++) {
            events.add(next(name, first.plus(Duration.ofDays(day)), Duration.ofDays(1))
                    .event());
        }
        return events;
    }

    private Row next(Instant start, Duration span) {
        return next(pick(NAMES), start, span);
    }

    private Row next(String name, Instant start, Duration span) {
        return new Row(
                new EventId(random.nextLong(), random.nextLong(), null),
                start.plusNanos(random.nextLong(span.toNanos() / 1000) * 1000),
                name,
                BigDecimal.valueOf(random.nextInt(1_000_000), 2),
                pick(SUBJECTS),
                "autumn-" + (1000 + random.nextInt(9000)),
                pick(COUNTRIES),
                pick(DEVICES),
                "/shop/item/" + (100_000 + random.nextInt(900_000)),
                "https://search.example/?q=" + Integer.toHexString(random.nextInt()),
                Long.toHexString(random.nextLong()));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private record Row(
            EventId id,
            Instant time,
            String name,
            BigDecimal value,
            String subject,
            String campaign,
            String country,
            String device,
            String path,
            String referrer,
            String visit) {
        Event event() {
            return Event.named(name, time)
                    .id(id)
                    .source(SOURCE)
                    .value(value)
                    .subject(subject)
                    .properties(Properties.ofCanonicalJson("{\"campaign\":\"" + campaign + "\",\"country\":\"" + country
                            + "\",\"device\":\"" + device + "\",\"path\":\"" + path + "\",\"referrer\":\"" + referrer
                            + "\",\"visit\":\"" + visit + "\"}"))
                    .build();
        }

        String csv() {
            return id + "," + time + "," + name + "," + value + "," + subject + "," + campaign + "," + country + ","
                    + device + "," + path + "," + referrer + "," + visit + "\n";
        }
    }
}
