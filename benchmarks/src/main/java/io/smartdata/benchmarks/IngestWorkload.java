package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.Properties;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Events that are unlike each other: random UUID ids, ten names, a thousand subjects, a value with cents, six properties;
 * about 250 bytes each.
 */
final class IngestWorkload {
    /** Midnight UTC, 2023-11-14. */
    static final long FIRST_DAY = 1_699_920_000L;

    static final String SOURCE = "web-shop";
    private static final int DAYS = 3;
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
    private static final List<String> SUBJECTS = IntStream.range(0, 1000)
            .mapToObj(i -> "customer-%06d".formatted(i * 997))
            .toList();
    private static final List<String> COUNTRIES = List.of("DE", "FR", "GB", "IT", "NL", "PL", "SE", "US");
    private static final List<String> DEVICES = List.of("desktop", "mobile", "tablet");

    private IngestWorkload() {}

    /** All events of one run over {@value #DAYS} days, in batches; the last one may be smaller. */
    static List<List<Event>> batches(int events, int batch, long seed) {
        return batches(events, batch, seed, FIRST_DAY, DAYS);
    }

    /** As {@link #batches(int, int, long)} over other days. */
    static List<List<Event>> batches(int events, int batch, long seed, long firstSecond, int days) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Event>> batches = new ArrayList<>();
        for (int from = 0; from < events; from += batch) {
            List<Event> next = new ArrayList<>(batch);
            for (int i = from; i < Math.min(events, from + batch); i++) {
                next.add(event(random, firstSecond, days));
            }
            batches.add(next);
        }
        return batches;
    }

    private static Event event(SplittableRandom random, long firstSecond, int days) {
        long micros = random.nextLong(days * 86_400_000_000L);
        String properties = """
                {"campaign":"autumn-%d","country":"%s","device":"%s","path":"/shop/item/%d","referrer":"https://search.example/?q=%08x","session":"%016x"}""".formatted(
                        1000 + random.nextInt(9000),
                        pick(COUNTRIES, random),
                        pick(DEVICES, random),
                        100_000 + random.nextInt(900_000),
                        random.nextInt(),
                        random.nextLong());
        return Event.named(
                        pick(NAMES, random),
                        Instant.ofEpochSecond(firstSecond + micros / 1_000_000, micros % 1_000_000 * 1000))
                .id(new EventId(random.nextLong(), random.nextLong(), null))
                .source(SOURCE)
                .value(BigDecimal.valueOf(random.nextInt(1_000_000), 2))
                .subject(pick(SUBJECTS, random))
                .properties(Properties.ofCanonicalJson(properties))
                .build();
    }

    private static <T> T pick(List<T> values, SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }
}
