package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KpiReaderTest {
    private static final KpiQuery JUNE =
            KpiQuery.of("revenue").between(LocalDate.of(2024, 6, 1), LocalDate.of(2024, 7, 1));
    private static final Kpi REVENUE = Kpi.sum("revenue").event("order").dimension("country");

    private int nextId;

    @Test
    void cellsAndDeltasOfADayAreOneExactPoint() {
        MemoryKpis store = store(REVENUE)
                .append(order("2024-06-03T10:00:00Z", "0.10", "DE"))
                .append(order("2024-06-03T11:00:00Z", "0.20", "FR"));
        KpiSeries series = store.read(JUNE);
        assertThat(series.points()).singleElement().satisfies(point -> {
            assertThat(point.bucket()).isEqualTo("2024-06-03");
            assertThat(point.start()).isEqualTo("2024-06-03T00:00:00Z");
            assertThat(point.valueText()).isEqualTo("0.3");
            assertThat(point.events()).isEqualTo(2);
            assertThat(point.complete()).isTrue();
        });
        assertThat(series.exact()).isTrue();
        assertThat(series.dataFreshAsOf()).isEqualTo(store.now);
    }

    @Test
    void todayIsNotComplete() {
        MemoryKpis store = store(REVENUE).append(order("2024-06-30T10:00:00Z", "1", "DE"));
        assertThat(store.read(JUNE).points()).extracting(KpiPoint::complete).containsExactly(false);
        assertThat(store.read(KpiQuery.of("revenue").last(1, ChronoUnit.DAYS)).points())
                .extracting(KpiPoint::bucket)
                .containsExactly("2024-06-30");
    }

    @Test
    void distinctOfAWeekIsNotTheSumOfItsDays() {
        MemoryKpis store = store(Kpi.distinct("active").event("login"));
        for (int day = 3; day < 10; day++) {
            store.append(
                    login("2024-06-%02dT08:00:00Z".formatted(day), "ann"),
                    login("2024-06-%02dT09:00:00Z".formatted(day), "bob" + day % 2));
        }
        KpiQuery query = KpiQuery.of("active").between(LocalDate.of(2024, 6, 3), LocalDate.of(2024, 6, 10));
        assertThat(values(store.read(query))).containsOnly("2").hasSize(7);
        assertThat(store.read(query.grain(Grain.WEEK)).points()).singleElement().satisfies(week -> {
            assertThat(week.bucket()).isEqualTo("2024-06-03");
            assertThat(week.valueText()).isEqualTo("3");
            assertThat(week.events()).isEqualTo(14);
            assertThat(week.complete()).isTrue();
        });
        assertThat(store.read(query.grain(Grain.MONTH)).points())
                .extracting(KpiPoint::complete)
                .containsExactly(false);
    }

    @Test
    void sourcesAreMergedUnlessKeptApart() {
        MemoryKpis store =
                store(REVENUE).append(from("shop", "2024-06-03T10:00:00Z", 5), from("till", "2024-06-03T10:00:00Z", 7));
        assertThat(values(store.read(JUNE))).containsExactly("12");
        assertThat(values(store.read(JUNE.source("till")))).containsExactly("7");
        assertThat(store.read(JUNE.keepSources()).points())
                .extracting(point -> point.source() + "=" + point.valueText())
                .containsExactly("shop=5", "till=7");
    }

    @Test
    void aDimensionBreaksTheTotalDown() {
        MemoryKpis store = store(REVENUE)
                .append(
                        order("2024-06-03T10:00:00Z", "5", "DE"),
                        order("2024-06-03T10:00:00Z", "7", "FR"),
                        order("2024-06-03T10:00:00Z", "9", "other"),
                        order("2024-06-04T10:00:00Z", "100", "IT"),
                        from("default", "2024-06-03T10:00:00Z", 1));
        assertThat(breakdown(store.read(JUNE.dimension("country"))))
                .containsExactly("=1", "DE=5", "FR=7", "other=9", "IT=100");
        assertThat(breakdown(store.read(JUNE.dimension("country").top(2))))
                .containsExactly("FR=7", "other=15", "IT=100");
    }

    @Test
    void aBreakdownThatMemoryHasNoRoomForIsRefusedAndItsTopIsNot() {
        MemoryKpis store = store(REVENUE);
        for (int day = 0; day < 31; day++) {
            String time = LocalDate.of(2024, 5, 30).plusDays(day) + "T10:00:00Z";
            store.append(IntStream.range(0, 9_900)
                    .mapToObj(i -> order(time, i == 7 ? "9" : "1", "c" + i))
                    .toList());
        }
        KpiQuery all = KpiQuery.of("revenue")
                .between(LocalDate.of(2024, 5, 30), LocalDate.of(2024, 6, 30))
                .dimension("country");
        assertThatThrownBy(() -> store.read(all))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("answer_too_large"));
        assertThat(store.read(all.between(LocalDate.of(2024, 5, 31), LocalDate.of(2024, 6, 30)))
                        .points())
                .hasSize(30 * 9_900);
        assertThat(breakdown(store.read(all.top(1).grain(Grain.YEAR)))).containsExactly("c7=279", "other=306869");
        assertThat(store.read(all.top(1)).points()).hasSize(2 * 31);
    }

    @Test
    void tooManyDimensionValuesOfABucketBecomeOther() {
        MemoryKpis store = store(REVENUE);
        store.append(IntStream.range(0, 10_001)
                .mapToObj(i -> order("2024-06-03T10:00:00Z", "1", "c" + i))
                .toList());
        store.append(order("2024-06-04T10:00:00Z", "2", "DE"));
        KpiSeries series = store.read(JUNE.dimension("country"));
        assertThat(series.truncated()).isTrue();
        assertThat(breakdown(series)).containsExactly("other=10001", "DE=2");
        assertThat(store.read(JUNE).truncated()).isFalse();
    }

    @Test
    void countsAreZeroFromTheFirstEventToTheLastOfTheirSource() {
        MemoryKpis store = store(Kpi.count("orders").event("order"))
                .append(
                        order("2024-06-05T10:00:00Z", "1", "DE"),
                        order("2024-06-07T10:00:00Z", "1", "DE"),
                        login("2024-06-09T10:00:00Z", "ann"),
                        Event.named("login", Instant.parse("2024-06-12T10:00:00Z"))
                                .id("other")
                                .source("elsewhere")
                                .build());
        KpiSeries series = store.read(orders(1, 30));
        assertThat(series.points())
                .extracting(point -> point.bucket().substring(8) + ":" + point.valueText())
                .containsExactly("05:1", "06:0", "07:1", "08:0", "09:0");
        assertThat(series.toTimeSeries().values()).containsExactly(1, 0, 1, 0, 0);
        assertThat(values(store.read(orders(6, 9))))
                .as("the first event was earlier")
                .containsExactly("0", "1", "0");
        assertThat(values(store.read(orders(8, 12))))
                .as("only silence in the range")
                .containsExactly("0", "0");
        assertThat(values(store.read(orders(1, 5))))
                .as("before the first event")
                .isEmpty();
        assertThat(values(store.read(orders(13, 20))))
                .as("the source fell silent")
                .isEmpty();
    }

    private static KpiQuery orders(int from, int to) {
        return KpiQuery.of("orders").between(LocalDate.of(2024, 6, from), LocalDate.of(2024, 6, to));
    }

    @Test
    void sumsAreUnknownNotZeroWhereNothingHappened() {
        MemoryKpis store = store(REVENUE)
                .append(order("2024-06-05T10:00:00Z", "1", "DE"), order("2024-06-07T10:00:00Z", "2", "DE"));
        KpiSeries series = store.read(JUNE);
        assertThat(series.points()).hasSize(2);
        assertThat(series.toTimeSeries().values()).containsExactly(1, Double.NaN, 2);
    }

    @Test
    void aDayThatTheZoneSkippedGetsNoZero() {
        MemoryKpis store = new MemoryKpis(
                        "Pacific/Apia", KpiCatalog.of(Kpi.count("orders").event("order")))
                .append(order("2011-12-30T09:00:00Z", "1", "WS"), order("2012-01-01T20:00:00Z", "1", "WS"));
        KpiQuery query = KpiQuery.of("orders").between(LocalDate.of(2011, 12, 1), LocalDate.of(2012, 2, 1));
        assertThat(store.read(query).points())
                .extracting(point -> point.bucket() + " " + point.valueText())
                .containsExactly("2011-12-29 1", "2011-12-31 0", "2012-01-01 0", "2012-01-02 1");
        assertThat(store.read(query).toTimeSeries().values()).containsExactly(1, Double.NaN, 0, 0, 1);
    }

    @Test
    void hoursFollowTheClockThroughItsChange() {
        MemoryKpis store = new MemoryKpis(
                        "America/New_York",
                        KpiCatalog.of(Kpi.count("orders").event("order").grain(Grain.HOUR)))
                .append(
                        order("2023-11-05T04:30:00Z", "1", "US"),
                        order("2023-11-05T06:30:00Z", "1", "US"),
                        order("2023-11-05T07:30:00Z", "1", "US"));
        KpiQuery query = KpiQuery.of("orders").between(LocalDate.of(2023, 11, 5), LocalDate.of(2023, 11, 6));
        assertThat(store.read(query).points())
                .extracting(point -> point.bucket().substring(11) + " " + point.valueText())
                .containsExactly("00-04:00 1", "01-04:00 0", "01-05:00 1", "02-05:00 1");
        assertThat(store.read(query).toTimeSeries().values()).containsExactly(1, 0, 1, 1);
        assertThat(values(store.read(query.grain(Grain.DAY)))).containsExactly("3");
    }

    @Test
    void aRatioCountsTwoKindsOfEvents() {
        MemoryKpis store = store(Kpi.ratio("rate", "done", "begun").dimension("course"))
                .append(
                        lesson("begun", "2024-06-03T10:00:00Z", "a"),
                        lesson("begun", "2024-06-03T10:00:00Z", "a"),
                        lesson("begun", "2024-06-03T10:00:00Z", "b"),
                        lesson("done", "2024-06-03T10:00:00Z", "a"),
                        lesson("done", "2024-06-04T10:00:00Z", "b"),
                        lesson("begun", "2024-06-05T10:00:00Z", "b"));
        KpiQuery query = KpiQuery.of("rate").between(LocalDate.of(2024, 6, 3), LocalDate.of(2024, 7, 1));
        assertThat(values(store.read(query))).containsExactly("0.3333333333333333", "", "0");
        assertThat(values(store.read(query.grain(Grain.MONTH)))).containsExactly("0.5");
        assertThat(breakdown(store.read(query.dimension("course")))).containsExactly("a=0.5", "b=0", "b=", "b=0");
    }

    @Test
    void bothSidesOfARatioShowTheSameValues() {
        MemoryKpis store = store(Kpi.ratio("rate", "done", "begun").dimension("course"));
        store.append(IntStream.range(0, 10_001)
                .mapToObj(i -> lesson("begun", "2024-06-03T10:00:00Z", "c" + i))
                .toList());
        store.append(
                lesson("done", "2024-06-03T10:00:00Z", "c1"),
                lesson("begun", "2024-06-04T10:00:00Z", "c1"),
                lesson("begun", "2024-06-04T10:00:00Z", "c1"),
                lesson("begun", "2024-06-04T10:00:00Z", "c2"),
                lesson("done", "2024-06-04T10:00:00Z", "c2"));
        KpiQuery query = KpiQuery.of("rate")
                .between(LocalDate.of(2024, 6, 3), LocalDate.of(2024, 7, 1))
                .dimension("course");
        assertThat(breakdown(store.read(query))).containsExactly("other=0.00009999000099990001", "c1=0", "c2=1");
        assertThat(breakdown(store.read(query.top(1))))
                .containsExactly("other=0.00009999000099990001", "c1=0", "other=1");
    }

    @Test
    void automaticKpisOfAnEventNameAnswerByName() {
        MemoryKpis store = new MemoryKpis("UTC", KpiCatalog.empty())
                .append(order("2024-06-03T10:00:00Z", "1", "DE"), order("2024-06-03T10:00:00Z", "2", "DE"));
        assertThat(KpiReader.names(store, store.catalog))
                .as("nobody to count yet")
                .containsExactly("order.avg", "order.count", "order.sum");
        store.append(Event.named("order", Instant.parse("2024-06-03T11:00:00Z"))
                .id("third")
                .subject("anna")
                .build());
        assertThat(KpiReader.names(store, store.catalog))
                .containsExactly("order.avg", "order.count", "order.distinct", "order.sum");
        assertThat(List.of("order.avg", "order.count", "order.distinct", "order.sum"))
                .map(name -> store.read(KpiQuery.of(name)).points().get(0).valueText())
                .containsExactly("1.5", "3", "1", "3");
    }

    @Test
    void whatCannotBeAnsweredSaysWhy() {
        MemoryKpis store = store(REVENUE);
        assertCode(store, KpiQuery.of("profit"), "unknown_kpi");
        assertCode(store, KpiQuery.of("order.sum"), "unknown_kpi");
        assertCode(store, JUNE.dimension("planet"), "unknown_dimension");
        assertCode(store, JUNE.grain(Grain.HOUR), "grain_too_fine");
    }

    private static void assertCode(MemoryKpis store, KpiQuery query, String code) {
        assertThatThrownBy(() -> store.read(query))
                .asInstanceOf(throwable(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo(code);
    }

    private static MemoryKpis store(Kpi... kpis) {
        return new MemoryKpis("UTC", KpiCatalog.of(kpis));
    }

    private static List<String> values(KpiSeries series) {
        return series.points().stream().map(KpiPoint::valueText).toList();
    }

    private static List<String> breakdown(KpiSeries series) {
        return series.points().stream()
                .map(point -> point.dimension() + "=" + point.valueText())
                .toList();
    }

    private Event order(String at, String value, String country) {
        return Event.named("order", Instant.parse(at))
                .id("e" + nextId++)
                .value(value)
                .properties(Map.of("country", country))
                .build();
    }

    private Event from(String source, String at, long value) {
        return Event.named("order", Instant.parse(at))
                .id("e" + nextId++)
                .source(source)
                .value(value)
                .build();
    }

    private Event login(String at, String subject) {
        return Event.named("login", Instant.parse(at))
                .id("e" + nextId++)
                .subject(subject)
                .build();
    }

    private Event lesson(String name, String at, String course) {
        return Event.named(name, Instant.parse(at))
                .id("e" + nextId++)
                .properties(Map.of("course", course))
                .build();
    }
}
