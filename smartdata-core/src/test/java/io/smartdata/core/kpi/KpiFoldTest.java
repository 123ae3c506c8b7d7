package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KpiFoldTest {
    private static final Instant NOON = Instant.parse("2024-05-01T12:00:00Z");

    private int nextId;

    @Test
    void anEventNameWithoutDefinitionFeedsOneAutomaticFamily() {
        List<KpiDelta> deltas = fold(KpiCatalog.empty(), event("login", Map.of()));
        assertThat(deltas)
                .extracting(KpiDelta::key)
                .containsExactly(new CellKey("e:login", "2024-05-01", "default", ""));
    }

    @Test
    void aDefinitionTakesTheNamesItSelectsFromTheAutomaticOnes() {
        KpiCatalog catalog = KpiCatalog.of(Kpi.count("lessons").event("lesson_*"));
        assertThat(fold(catalog, event("lesson_started", Map.of()), event("login", Map.of())))
                .extracting(delta -> delta.key().family())
                .hasSize(2)
                .contains("e:login")
                .doesNotContain("e:lesson_started");
        assertThat(fold(catalog.withAutomatic(false), event("login", Map.of()))).isEmpty();
    }

    @Test
    void kpisOverTheSameEventsShareAFamily() {
        KpiCatalog catalog = KpiCatalog.of(
                Kpi.sum("revenue").event("order"),
                Kpi.avg("basket").event("order"),
                Kpi.count("orders").event("order"));
        assertThat(fold(catalog, event("order", Map.of()))).hasSize(1);
    }

    @Test
    void filtersOnSourceAndPropertiesMustAllHold() {
        Kpi kpi = Kpi.count("x")
                .event("order")
                .fromSource("shop")
                .where("channel", "web", "app")
                .where("vip", "true")
                .where("size", "3");
        assertThat(events(kpi, "shop", Map.of("channel", "web", "vip", true, "size", 3)))
                .isEqualTo(1);
        assertThat(events(kpi, "shop", Map.of("channel", "app", "vip", "true", "size", "3")))
                .isEqualTo(1);
        assertThat(events(kpi, "till", Map.of("channel", "web", "vip", true, "size", 3)))
                .isZero();
        assertThat(events(kpi, "shop", Map.of("channel", "fax", "vip", true, "size", 3)))
                .isZero();
        assertThat(events(kpi, "shop", Map.of("channel", "web", "size", 3))).isZero();
        assertThat(events(kpi, "shop", Map.of("channel", Map.of("is", "web"), "vip", true, "size", 3)))
                .isZero();
    }

    @Test
    void everyHourOfEverySourceAndValueHasACellOfItsOwn() {
        KpiCatalog catalog =
                KpiCatalog.of(Kpi.count("x").event("order").grain(Grain.HOUR).dimension("country"));
        KpiFold fold = KpiPlan.of(catalog, ZoneId.of("America/New_York"), MemoryKpis.HASH_KEY)
                .fold();
        int hours = 24 * 400;
        for (int i = 0; i < 3 * hours; i++) {
            fold.add(Event.named("order", Instant.parse("2023-12-31T05:30:00Z").plusSeconds(3600L * (i % hours)))
                    .id("e" + i)
                    .source("s" + i / hours)
                    .properties(i / hours == 0 ? Map.of() : Map.of("country", "c" + i % 3))
                    .build());
        }
        List<KpiDelta> deltas = fold.deltas();
        assertThat(deltas).extracting(KpiDelta::key).doesNotHaveDuplicates().isSorted();
        assertThat(deltas)
                .hasSize(6 * hours)
                .allSatisfy(delta ->
                        assertThat(KpiState.of(delta.state(), "").events()).isEqualTo(1));
    }

    private long events(Kpi kpi, String source, Map<String, Object> properties) {
        Event event = Event.named("order", NOON)
                .id("e" + nextId++)
                .source(source)
                .properties(properties)
                .build();
        return fold(KpiCatalog.of(kpi), event).stream()
                .mapToLong(delta -> KpiState.of(delta.state(), "").events())
                .sum();
    }

    @Test
    void aNumericPropertyIsReadExactlyAndAnythingElseOnlyCounts() {
        Kpi kpi = Kpi.sum("x").event("order").of("net");
        KpiState state = onlyState(
                kpi,
                event("order", Map.of("net", new BigDecimal("0.1"))),
                event("order", Map.of("net", "0.2")),
                event("order", Map.of("net", "much")),
                event("order", Map.of("net", "1e999999999")),
                event("order", Map.of("net", List.of(1))),
                event("order", Map.of("gross", 5)));
        assertThat(state.figure(kpi)).isEqualByComparingTo("0.3");
        assertThat(state.events()).isEqualTo(6);
    }

    @Test
    void eachDimensionIsBrokenDownWithAPlaceForEventsThatLackIt() {
        KpiCatalog catalog =
                KpiCatalog.of(Kpi.count("x").event("order").dimension("country").dimension("tags"));
        List<String> dimensions = fold(
                        catalog,
                        event("order", Map.of("country", "DE", "tags", List.of("a", "b"))),
                        event("order", Map.of("country", "")),
                        event("order", Map.of()))
                .stream()
                .map(delta -> delta.key().dimension() + " "
                        + KpiState.of(delta.state(), "").events())
                .toList();
        assertThat(dimensions)
                .containsExactlyInAnyOrder(" 3", "country=DE 1", "country= 2", "tags=[\"a\",\"b\"] 1", "tags= 2");
    }

    @Test
    void longDimensionValuesAndNulStayApartWithinAnIndexableLength() {
        String end = "x".repeat(50_000);
        String one = KpiFamily.dimensionValue("\uD83D\uDE00".repeat(100) + end + "1");
        String two = KpiFamily.dimensionValue("\uD83D\uDE00".repeat(100) + end + "2");
        assertThat(one).isNotEqualTo(two).hasSizeLessThan(200);
        assertThat(KpiFamily.dimensionValue("a\0b")).startsWith("a?b~").doesNotContain("\0");
        assertThat(KpiFamily.dimensionValue("x".repeat(200))).isEqualTo("x".repeat(200));
        String surrogates = KpiFamily.dimensionValue("x" + "\uD83D\uDE00".repeat(200));
        assertThat(new String(
                        surrogates.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(surrogates);
    }

    @Test
    void hoursAreKeptWithTheirOffset() {
        KpiCatalog catalog = KpiCatalog.of(Kpi.count("x").event("order").grain(Grain.HOUR));
        KpiFold fold = KpiPlan.of(catalog, ZoneId.of("Europe/Berlin"), MemoryKpis.HASH_KEY)
                .fold();
        fold.add(event("order", Map.of()));
        assertThat(fold.deltas()).extracting(delta -> delta.key().bucket()).containsExactly("2024-05-01T14+02:00");
    }

    @Test
    void deltasDependOnTheSetOfEventsOnly() {
        KpiCatalog catalog = KpiCatalog.of(
                Kpi.sum("revenue").event("order").dimension("country"),
                Kpi.distinct("buyers").event("ord*"),
                Kpi.percentile("p90", 90).event("order").grain(Grain.HOUR));
        KpiPlan plan = KpiPlan.of(catalog, ZoneId.of("America/St_Johns"), MemoryKpis.HASH_KEY);
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            List<Event> events = randomEvents(random, 2_000);
            KpiFold whole = plan.fold();
            events.forEach(whole::add);
            Collections.shuffle(events, random);
            assertThat(inPortions(plan, events, random)).as("seed %d", seed).isEqualTo(whole.deltas());
        }
    }

    private static List<KpiDelta> inPortions(KpiPlan plan, List<Event> events, Random random) {
        Map<CellKey, List<byte[]>> states = new TreeMap<>();
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(400));
            KpiFold fold = plan.fold();
            events.subList(from, to).forEach(fold::add);
            fold.deltas()
                    .forEach(delta -> states.computeIfAbsent(delta.key(), k -> new ArrayList<>())
                            .add(delta.state()));
            from = to;
        }
        return states.entrySet().stream()
                .map(cell -> new KpiDelta(
                        cell.getKey(), new KpiStates().merge(cell.getKey().family(), cell.getValue())))
                .toList();
    }

    private static List<Event> randomEvents(Random random, int size) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            events.add(
                    Event.named(random.nextInt(5) == 0 ? "login" : "order", NOON.plusSeconds(random.nextInt(400_000)))
                            .id("e" + i)
                            .source("s" + random.nextInt(3))
                            .subject("u" + random.nextInt(500))
                            .value(random.nextInt(3) == 0 ? null : BigDecimal.valueOf(random.nextInt(100_000), 2))
                            .properties(Map.of("country", "c" + random.nextInt(4)))
                            .build());
        }
        return events;
    }

    private Event event(String name, Map<String, ? extends @Nullable Object> properties) {
        return Event.named(name, NOON).id("e" + nextId++).properties(properties).build();
    }

    private static KpiState onlyState(Kpi kpi, Event... events) {
        List<KpiDelta> deltas = fold(KpiCatalog.of(kpi), events);
        assertThat(deltas).hasSize(1);
        return KpiState.of(deltas.get(0).state(), "");
    }

    private static List<KpiDelta> fold(KpiCatalog catalog, Event... events) {
        KpiFold fold =
                KpiPlan.of(catalog, ZoneId.of("UTC"), MemoryKpis.HASH_KEY).fold();
        List.of(events).forEach(fold::add);
        return fold.deltas();
    }
}
