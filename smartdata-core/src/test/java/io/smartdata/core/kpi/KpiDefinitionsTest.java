package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpiDefinitionsTest {
    private static final KpiCatalog ALL = KpiCatalog.of(
            Kpi.sum("revenue")
                    .event("order_placed")
                    .dimension("country")
                    .dimension("channel")
                    .unit("EUR")
                    .owner("sales, \"EMEA\""),
            Kpi.count("refunds")
                    .event("refund", "charge*back")
                    .fromSource("shop")
                    .where("reason", "late", "broken")
                    .direction(Direction.DOWN_IS_GOOD)
                    .zeroWhenAbsent(false),
            Kpi.distinct("courses").event("*").of("course"),
            Kpi.percentile("p100", 100).event("call").of("millis").grain(Grain.HOUR),
            Kpi.percentile("p995", 99.5).event("call"),
            Kpi.latest("price").event("quote"),
            Kpi.ratio("rate", "done", "begun"));

    @Test
    void aCatalogComesBackFromItsJson() {
        assertThat(KpiDefinitions.fromJson(KpiDefinitions.toJson(ALL))).isEqualTo(ALL);
        assertThat(KpiDefinitions.load(KpiDefinitions.store(ALL))).isEqualTo(ALL);
        KpiCatalog quiet = ALL.withAutomatic(false);
        assertThat(KpiDefinitions.fromJson(KpiDefinitions.toJson(quiet))).isEqualTo(quiet);
        assertThat(KpiDefinitions.load(KpiDefinitions.store(quiet))).isEqualTo(quiet);
        assertThat(KpiDefinitions.store(KpiCatalog.empty())).isEmpty();
    }

    @Test
    void equalCatalogsGiveEqualText() {
        String one = KpiDefinitions.toJson(KpiCatalog.of(
                Kpi.count("b").event("x", "y").dimension("p").dimension("q"),
                Kpi.sum("a").event("x")));
        String two = KpiDefinitions.toJson(KpiCatalog.of(
                Kpi.sum("a").event("x"),
                Kpi.count("b").event("y").event("x").dimension("q").dimension("p")));
        assertThat(one).isEqualTo(two);
    }

    @Test
    void yamlAndJsonFilesMeanTheSame(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("kpis.yaml"), """
                kpis:
                  - name: revenue
                    aggregation: sum
                    events: order_placed
                    dimensions: [country]
                    where: {vip: true}
                  - {name: p95, aggregation: percentile, percent: 95, events: [call], grain: hour}
                """);
        Path json = Files.writeString(folder.resolve("kpis.json"), """
                {"kpis": [
                  {"name": "p95", "aggregation": "PERCENTILE", "percent": 95, "events": "call", "grain": "hour"},
                  {"name": "revenue", "aggregation": "sum", "events": ["order_placed"], "dimensions": "country",
                   "where": {"vip": "true"}}]}
                """);
        assertThat(KpiCatalogReader.read(yaml))
                .isEqualTo(KpiCatalogReader.read(json))
                .isEqualTo(KpiCatalog.of(
                        Kpi.sum("revenue")
                                .event("order_placed")
                                .dimension("country")
                                .where("vip", "true"),
                        Kpi.percentile("p95", 95).event("call").grain(Grain.HOUR)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kpis\":[{\"name\":\"a\",\"name\":\"b\"}]} | line 1, column",
                "{\"kpis\":[ | line 1, column",
                "[] | the document is not a map",
                "{\"kpi\":[]} | has no field kpi",
                "{\"kpis\":{}} | kpis is not a list",
                "{\"kpis\":[{\"name\":\"a\"}]} | kpis[0].aggregation is missing",
                "{\"kpis\":[{\"name\":7,\"aggregation\":\"sum\"}]} | kpis[0].name is not text",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"mode\"}]} | kpis[0].aggregation is none of count, sum",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"sum\",\"unti\":\"x\"}]} | has no field unti",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"sum\"}]} | selects no event",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"sum\",\"events\":\"x\",\"grain\":\"week\"}]} | by HOUR or DAY",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"percentile\",\"events\":\"x\"}]} | kpis[0].percent is not",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"percentile\",\"events\":\"x\",\"percent\":101}]} | up to 100",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"ratio\",\"events\":\"x\"}]} | needs the events of its denominator",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"sum\",\"events\":\"x\",\"denominator\":\"y\"}]} | only a ratio",
                "{\"kpis\":[{\"name\":\"a\",\"aggregation\":\"sum\",\"events\":\"x\"},{\"name\":\"a\",\"aggregation\":\"sum\",\"events\":\"x\"}]} | Two KPIs are called a",
                "{\"automatic\":1} | automatic is neither true nor false"
            })
    void aWrongCatalogNamesThePlace(String json, String message) {
        assertThatThrownBy(() -> KpiDefinitions.fromJson(json))
                .hasMessageContaining(message)
                .asInstanceOf(throwable(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo("invalid_catalog");
    }

    @Test
    void aMissingFileSaysSo(@TempDir Path folder) {
        assertThatThrownBy(() -> KpiCatalogReader.read(folder.resolve("none.json")))
                .asInstanceOf(throwable(SmartDataException.class))
                .extracting(SmartDataException::code)
                .isEqualTo("catalog_unreadable");
    }

    @Test
    void malformedYamlNamesTheLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("kpis.yml"), "kpis:\n  - name: [a\n");
        assertThatThrownBy(() -> KpiCatalogReader.read(file)).hasMessageContaining("line 2, column 13");
    }
}
