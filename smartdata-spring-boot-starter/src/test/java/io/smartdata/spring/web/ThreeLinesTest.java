package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.Postgres;
import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application has that says where its database is, where orgs come from, and that it wants the API. */
class ThreeLinesTest {
    private static final LocalDate FIRST = LocalDate.parse("2026-01-05");
    private static final int DAYS = 70;

    @TempDir
    private Path folder;

    @Test
    void onSqlite() throws Exception {
        story("spring.datasource.url=jdbc:sqlite:" + folder.resolve("shop.db"));
    }

    @Test
    void onPostgres() throws Exception {
        story("spring.datasource.url=" + Postgres.newDatabase());
    }

    private void story(String database) throws Exception {
        try (RunningHost host = RunningHost.withoutSecurity(
                folder, Gateway.class, database, "smartdata.org-zone=UTC", "smartdata.web.enabled=true")) {
            ApiClient api = new ApiClient(host);
            JsonNode receipt = api.post("shop", "/events", orders()).json();
            assertThat(receipt.path("accepted").asInt()).isEqualTo(DAYS * 3);

            String range = "?from=%s&to=%s".formatted(FIRST, FIRST.plusDays(DAYS));
            JsonNode series =
                    api.get("shop", "/kpis/order_placed.sum/series" + range).json();
            assertThat(series.path("points")).hasSize(DAYS);
            assertThat(series.path("points").get(0).path("value").decimalValue())
                    .isEqualByComparingTo("60");

            JsonNode learnt = api.post("shop", "/kpis/order_placed.sum/forecast", "{\"horizon\":7}")
                    .json();
            assertThat(learnt.path("points")).hasSize(7);
            JsonNode forecast =
                    api.get("shop", "/kpis/order_placed.sum/forecast").json();
            assertThat(forecast.path("points").get(0).path("mean").asDouble()).isPositive();
            assertThat(api.get("shop", "/kpis/order_placed.sum/reliability")
                            .json()
                            .path("grade")
                            .asText())
                    .matches("[A-D]");
        }
    }

    /** Three a day, a weekly season. */
    private static String orders() {
        StringBuilder orders = new StringBuilder("[");
        for (int day = 0; day < DAYS; day++) {
            for (int order = 0; order < 3; order++) {
                orders.append(orders.length() > 1 ? "," : "")
                        .append("{\"id\":\"%d-%d\",\"name\":\"order_placed\",\"time\":\"%sT1%d:00:00Z\",\"value\":%d}"
                                .formatted(day, order, FIRST.plusDays(day), order, 20 + day % 7));
            }
        }
        return orders.append("]").toString();
    }
}
