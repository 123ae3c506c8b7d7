package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import java.time.LocalDate;

/** Daily events with a week's rhythm and one day that stands out, sent over HTTP. */
final class History {
    static final int DAYS = 120;
    static final LocalDate FIRST = LocalDate.parse("2026-01-05");
    static final LocalDate END = FIRST.plusDays(DAYS);
    static final LocalDate SPIKE = FIRST.plusDays(DAYS - 10);

    private History() {}

    /** Events {@code visit} of an org, so many a day, from {@code first} on. */
    static void send(ApiClient api, String user, LocalDate first) throws Exception {
        StringBuilder events = new StringBuilder("[");
        for (int day = 0; day < DAYS; day++) {
            LocalDate date = first.plusDays(day);
            int value = day == DAYS - 10 ? 900 : 100 + 10 * (day % 7) + (day * 31) % 5;
            events.append(day == 0 ? "" : ",").append("""
                    {"id":"%d","name":"visit","source":"web","time":"%sT10:00:00Z","value":%d,"subject":"ann","properties":{"country":"%s"}}
                    """.formatted(day, date, value, day % 2 == 0 ? "DE" : "US"));
        }
        RunningHost.Answer answer = api.post(user, "/events", events.append("]").toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(DAYS);
    }

    /** Body of a request about all days of a KPI. */
    static String days(String kpi, String more) {
        return "{\"kpi\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"%s}".formatted(kpi, FIRST, END, more);
    }
}
