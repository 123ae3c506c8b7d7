package io.smartdata.spring.web;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.anomaly.Detectors;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two orgs with the same kind of everything: whatever a value of {@code them} is asked for, {@code us} has one of its own, and
 * nobody has the third.
 */
final class LeakWorld {
    static final LocalDate FIRST_DAY = LocalDate.parse("2026-01-01");
    static final int DAYS = 70;

    /** In every name and id of the other org. */
    static final String MARK = "themsecret";

    /** In what only a leak could show: nobody but the other org ever says it. */
    static final String ONLY_THEIRS = "themonly";

    private final Map<String, Values> values = new LinkedHashMap<>();

    /** What one kind of thing is called in each world. */
    record Values(String own, String foreign, String unknown) {}

    LeakWorld(SmartData smartData) {
        Map<String, String> us = org(smartData, "us", "oursecret");
        Map<String, String> them = org(smartData, "them", MARK);
        smartData.jobs().runDue();
        us.forEach((kind, own) -> add(kind, own, requireNonNull(them.get(kind), kind)));
    }

    /** One more kind of thing. */
    void add(String kind, String own, String foreign) {
        values.put(kind, new Values(own, foreign, unknown(foreign)));
    }

    /** Of the same form, and nobody's. */
    private static String unknown(String foreign) {
        return foreign.length() == 36 && foreign.indexOf('-') == 8
                ? "00000000" + foreign.substring(8)
                : foreign.replace(MARK, "nobodyhas1");
    }

    /** By kind: receipt, letter, export, kpi, source, name, subject, entity, incident, event, caller. */
    Values of(String kind) {
        return requireNonNull(values.get(kind), kind);
    }

    private static String own(String mark) {
        return mark.equals(MARK) ? ONLY_THEIRS : "usonly";
    }

    private static Map<String, String> org(SmartData smartData, String org, String mark) {
        Permission[] all = {
            Permission.VIEW, Permission.VIEW_SENSITIVE, Permission.VIEW_SUBJECTS, Permission.EXPORT, Permission.OPERATE
        };
        OrgScope scope = smartData.access().scope(Caller.of(org), OrgId.of(org), Permission.INGEST, all);
        StringBuilder events = new StringBuilder();
        for (int day = 0; day < DAYS; day++) {
            int value = day == DAYS - 5 ? 900 : 20 + day % 7;
            events.append("""
                    {"id":"%s-%d","name":"%s-visit","source":"%s-web","time":"%sT10:00:00Z","value":%d,"subject":"%s-ann","entity":"%s/page","properties":{"page":"%s"}}
                    """.formatted(mark, day, mark, mark, FIRST_DAY.plusDays(day), value, mark, mark, own(mark)));
        }
        events.append(
                "{\"id\":\"%s-bad\",\"name\":\"%s-visit\",\"source\":\"%s-web\",\"time\":\"never\",\"note\":\"%s\"}\n"
                        .formatted(mark, mark, mark, own(mark)));
        IngestReceipt receipt = smartData
                .ingest(scope)
                .batch(
                        events.toString().getBytes(StandardCharsets.UTF_8),
                        IngestOptions.lenient(ReadOptions.defaults(mark + "-web")));
        smartData.kpis(scope).compact();
        String kpi = mark + "-visit.sum";
        LocalDate end = FIRST_DAY.plusDays(DAYS);
        smartData.anomalies(scope).detect(kpi, FIRST_DAY, end, Detectors.of("rolling-zscore"));
        smartData.forecasts(scope).forecast(kpi, 7, "seasonal-naive");
        smartData.alerts(scope).expect(kpi, end, end.plusDays(1), own(mark));
        ExportJob export = smartData.exports(scope).request(EventRange.all(), ExportFormat.CSV, false);
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("receipt", receipt.id().toString());
        ids.put(
                "letter",
                smartData
                        .deadLetters(scope)
                        .list(DeadLetterQuery.any(1))
                        .get(0)
                        .id()
                        .toString());
        ids.put("export", export.id().toString());
        ids.put("kpi", kpi);
        ids.put("source", mark + "-web");
        ids.put("name", mark + "-visit");
        ids.put("subject", mark + "-ann");
        ids.put("entity", mark + "/page");
        ids.put("event", mark + "-1");
        ids.put("incident", FIRST_DAY.plusDays(DAYS - 5) + " " + kpi);
        ids.put("caller", org);
        return ids;
    }
}
