package io.smartdata.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpiTest {
    @ParameterizedTest
    @CsvSource({
        "lesson_*, lesson_started, true",
        "lesson_*, lesson_, true",
        "lesson_*, Lesson_started, false",
        "*, anything, true",
        "*_done, lesson_done, true",
        "*_done, lesson_done_, false",
        "a*b*c, a-b-b-c, true",
        "a*b*c, a-c-b, false",
        "a.c, abc, false",
        "order, order, true",
        "order, order2, false"
    })
    void aStarStandsForAnyCharacters(String pattern, String name, boolean selected) {
        assertThat(Kpi.count("x").event(pattern).selects(name)).isEqualTo(selected);
    }

    @Test
    void aHostilePatternEndsSoon() {
        Kpi kpi = Kpi.count("x").event("*a".repeat(500) + "b");
        assertThat(kpi.selects("a".repeat(20_000))).isFalse();
    }

    @Test
    void theOrderOfDeclarationDoesNotMatter() {
        assertThat(Kpi.sum("x").event("b", "a").dimension("q").dimension("p"))
                .isEqualTo(Kpi.sum("x").dimension("p").event("a").event("b").dimension("q"));
    }

    @Test
    void countsAreZeroWhenAbsentAndOthersUnknown() {
        assertThat(Stream.of(Kpi.count("x"), Kpi.distinct("x"))).allMatch(Kpi::zeroWhenAbsent);
        assertThat(Stream.of(
                        Kpi.sum("x"),
                        Kpi.avg("x"),
                        Kpi.min("x"),
                        Kpi.max("x"),
                        Kpi.latest("x"),
                        Kpi.percentile("x", 50),
                        Kpi.ratio("x", "a", "b")))
                .noneMatch(Kpi::zeroWhenAbsent);
    }

    @Test
    void wrongDefinitionsSayWhatToDo() {
        assertThatThrownBy(() -> Kpi.sum("two words")).hasMessageContaining("1 to 200 letters");
        assertThatThrownBy(() -> Kpi.sum("x").grain(Grain.WEEK)).hasMessageContaining("HOUR or DAY");
        assertThatThrownBy(() -> Kpi.count("x").of("price")).hasMessageContaining("leave out .of(..)");
        assertThatThrownBy(() -> Kpi.percentile("x", 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Kpi.sum("x").dimension("a=b")).hasMessageContaining("without =");
        assertThatThrownBy(() -> Kpi.sum("x").event(" ")).hasMessageContaining("blank");
        assertThatThrownBy(() -> Kpi.sum("x").where("p")).hasMessageContaining("lists no value");
        assertThatThrownBy(() -> KpiCatalog.of(Kpi.sum("x"))).hasMessageContaining("add .event(");
        assertThatThrownBy(() ->
                        KpiCatalog.of(Kpi.sum("x").event("a"), Kpi.avg("x").event("b")))
                .hasMessageContaining("rename");
    }

    @Test
    void anEventWithoutDefinitionHasFourAutomaticKpis() {
        KpiCatalog catalog = KpiCatalog.of(Kpi.count("lessons").event("lesson_*"));
        assertThat(catalog.automaticOf("a.b"))
                .extracting(Kpi::name)
                .containsExactly("a.b.avg", "a.b.count", "a.b.distinct", "a.b.sum");
        assertThat(catalog.automaticOf("a.b"))
                .allSatisfy(kpi -> assertThat(catalog.find(kpi.name())).contains(kpi));
        assertThat(catalog.find("a.b.max")).isEmpty();
        assertThat(catalog.find(".sum")).isEmpty();
        assertThat(catalog.find("lesson_started.count")).isEmpty();
        assertThat(catalog.find("lessons")).isPresent();
        assertThat(catalog.withAutomatic(false).find("a.b.sum")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "WEEK, 2024-06-30, 2024-06-24, 2024-07-01",
        "WEEK, 2024-07-01, 2024-07-01, 2024-07-08",
        "MONTH, 2024-02-29, 2024-02-01, 2024-03-01",
        "QUARTER, 2024-06-30, 2024-04-01, 2024-07-01",
        "YEAR, 2024-06-30, 2024-01-01, 2025-01-01",
        "DAY, 2024-06-30, 2024-06-30, 2024-07-01"
    })
    void coarseBucketsFollowTheCalendar(Grain grain, LocalDate day, LocalDate first, LocalDate next) {
        assertThat(grain.firstDay(day)).isEqualTo(first);
        assertThat(grain.nextDay(day)).isEqualTo(next);
    }

    @Test
    void theLastDaysIncludeToday() {
        LocalDate today = LocalDate.of(2024, 6, 30);
        KpiQuery query = KpiQuery.of("x").last(2, ChronoUnit.DAYS);
        assertThat(query.firstDay(today)).isEqualTo("2024-06-29");
        assertThat(query.endDay(today)).isEqualTo("2024-07-01");
        assertThatThrownBy(() -> query.last(0, ChronoUnit.DAYS)).hasMessageContaining("at least one day");
        assertThatThrownBy(() -> query.last(1, ChronoUnit.HOURS)).hasMessageContaining("DAYS, WEEKS");
        assertThatThrownBy(() -> query.between(today, today.minusDays(1))).hasMessageContaining("swap");
        assertThatThrownBy(() -> query.top(3)).hasMessageContaining("needs a dimension");
    }

    @ParameterizedTest
    @CsvSource({"1E+3, 1000", "0.10, 0.1", "0E-9, 0", "-0.0050, -0.005", "100, 100"})
    void figuresPrintPlainly(BigDecimal value, String text) {
        assertThat(point("2024-06-01", value).valueText()).isEqualTo(text);
    }

    @Test
    void aSeriesIsRegularWithHolesWhereThereIsNoFigure() {
        KpiSeries series = series(
                Grain.QUARTER,
                point("2023-07-01", BigDecimal.ONE),
                point("2024-01-01", BigDecimal.TEN),
                point("2024-04-01", null));
        assertThat(series.toTimeSeries().values()).containsExactly(1, Double.NaN, 10, Double.NaN);
        assertThat(series.toTimeSeries().localTime(2)).isEqualTo("2024-01-01T00:00");
        assertThat(series(Grain.DAY).toTimeSeries().size()).isZero();
    }

    @Test
    void aBreakdownIsNotOneSeries() {
        KpiPoint de = new KpiPoint("2024-06-01", Instant.EPOCH, "", "DE", BigDecimal.ONE, 1, true);
        KpiSeries series = series(Grain.DAY, de);
        assertThatThrownBy(series::toTimeSeries).hasMessageContaining("toTimeSeries(source, dimension)");
        assertThat(series.toTimeSeries("", "DE").values()).containsExactly(1);
    }

    private static KpiPoint point(String bucket, @Nullable BigDecimal value) {
        Instant start = LocalDate.parse(bucket).atStartOfDay(ZoneId.of("UTC")).toInstant();
        return new KpiPoint(bucket, start, "", "", value, 1, true);
    }

    private static KpiSeries series(Grain grain, KpiPoint... points) {
        List<KpiPoint> list = new ArrayList<>(List.of(points));
        Kpi kpi = Kpi.sum("x").event("x");
        return new KpiSeries(kpi, grain, ZoneId.of("UTC"), list, Instant.EPOCH, false, true, 1);
    }
}
