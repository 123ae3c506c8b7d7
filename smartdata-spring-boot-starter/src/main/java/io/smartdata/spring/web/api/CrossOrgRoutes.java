package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.crossorg.CrossOrg;
import io.smartdata.core.crossorg.OrgAnswer;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.OrgId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads over all orgs, for the platform's staff; each is first written into the log of every org that it shows. */
final class CrossOrgRoutes implements RouteGroup {
    private static final Parameter<Cursor> CURSOR = Cursor.parameter(1);
    private static final int MOST_ORGS = 100;

    private final SmartData smartData;
    private final int maxDays;

    /** @param maxDays most days of the range of a query */
    CrossOrgRoutes(SmartData smartData, int maxDays) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
    }

    /** A page of them, by id. */
    record OrgPage(
            List<String> orgs,

            @About("Cursor of the next page; null after the last.") @Nullable
            String next) {}

    /** Orgs to ask. */
    record OrgsToAsk(@About("1 to 100 ids.") List<String> orgs) {
        OrgsToAsk {
            requireFew(orgs);
        }
    }

    /** A question to one KPI of several orgs. */
    record QuestionToOrgs(@About("1 to 100 ids.") List<String> orgs, SeriesQuestion query) {
        QuestionToOrgs {
            requireFew(orgs);
        }
    }

    private static void requireFew(List<String> orgs) {
        if (orgs.isEmpty() || orgs.size() > MOST_ORGS) {
            throw new SmartDataException("invalid_request", "Ask 1 to %d orgs at once.".formatted(MOST_ORGS));
        }
    }

    /** Why an org has no answer. */
    record OrgRefusal(String code, String detail) {
        static @Nullable OrgRefusal of(OrgAnswer<?> answer) {
            SmartDataException refusal = answer.refusal();
            return refusal == null ? null : new OrgRefusal(refusal.code(), String.valueOf(refusal.getMessage()));
        }
    }

    /** Figures, by org. */
    record SeriesOfOrgs(List<SeriesOfOrg> orgs) {
        /** A series, or why there is none. */
        record SeriesOfOrg(
                String org,
                @Nullable Series series,
                @Nullable OrgRefusal refusal) {
            static SeriesOfOrg of(OrgAnswer<KpiSeries> answer) {
                return new SeriesOfOrg(
                        answer.org().value(), answer.answered().map(Series::of).orElse(null), OrgRefusal.of(answer));
            }
        }
    }

    /** Freshness, by org. */
    record FreshnessOfOrgs(List<FreshnessOfOrg> orgs) {
        /** Freshness, or why there is none. */
        record FreshnessOfOrg(
                String org,
                FreshnessRoutes.@Nullable FreshnessAnswer freshness,
                @Nullable OrgRefusal refusal) {
            static FreshnessOfOrg of(OrgAnswer<Freshness> answer) {
                return new FreshnessOfOrg(
                        answer.org().value(),
                        answer.answered()
                                .map(FreshnessRoutes.FreshnessAnswer::of)
                                .orElse(null),
                        OrgRefusal.of(answer));
            }
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/cross-org/orgs", "listOrgs", "Orgs that have data.")
                        .acrossOrgs()
                        .offers("CrossOrg.orgs")
                        .with(Cursor.LIMIT, CURSOR)
                        .answers(OrgPage.class, this::orgs),
                Route.post("/cross-org/series", "querySeriesOfOrgs", "Exact figures of a KPI of several orgs.")
                        .acrossOrgs()
                        .offers("CrossOrg.series")
                        .body(QuestionToOrgs.class)
                        .answers(SeriesOfOrgs.class, this::series),
                Route.post("/cross-org/freshness", "queryFreshnessOfOrgs", "How old answers of several orgs are.")
                        .acrossOrgs()
                        .offers("CrossOrg.freshness")
                        .body(OrgsToAsk.class)
                        .answers(FreshnessOfOrgs.class, this::freshness),
                Route.get("/cross-org/audit", "listAuditOfSystem", "What was done across orgs, the newest first.")
                        .acrossOrgs()
                        .offers("CrossOrg.audit")
                        .with(AuditLines.PARAMETERS)
                        .answers(AuditLines.class, this::audit));
    }

    private CrossOrg crossOrg(Call call) {
        return smartData.crossOrg(call.crossOrg());
    }

    private OrgPage orgs(Call call) {
        Cursor.Page<OrgId> page = Cursor.Page.of(
                crossOrg(call).orgs(),
                call.get(CURSOR).orElse(null),
                call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT),
                Cursor.ascending(),
                org -> Cursor.of(org.value()));
        return new OrgPage(page.map(OrgId::value), page.next());
    }

    private SeriesOfOrgs series(Call call) {
        QuestionToOrgs asked = call.body(QuestionToOrgs.class);
        return new SeriesOfOrgs(crossOrg(call).series(asked.query().query(maxDays), ids(asked.orgs())).stream()
                .map(SeriesOfOrgs.SeriesOfOrg::of)
                .toList());
    }

    private FreshnessOfOrgs freshness(Call call) {
        OrgsToAsk asked = call.body(OrgsToAsk.class);
        return new FreshnessOfOrgs(crossOrg(call).freshness(ids(asked.orgs())).stream()
                .map(FreshnessOfOrgs.FreshnessOfOrg::of)
                .toList());
    }

    private static List<OrgId> ids(List<String> orgs) {
        try {
            return orgs.stream().map(OrgId::of).toList();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new SmartDataException(
                    "invalid_request", "An org's id has 1 to 128 letters, digits or . _ : @ / + - =", e);
        }
    }

    private AuditLines audit(Call call) {
        return AuditLines.of(call, crossOrg(call)::audit);
    }
}
