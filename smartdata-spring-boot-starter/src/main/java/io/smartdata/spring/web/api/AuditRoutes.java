package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.util.List;

/** Who did what in an org. */
final class AuditRoutes implements RouteGroup {
    private final SmartData smartData;

    AuditRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/audit", "listAudit", "Who did what in the org, the newest first.")
                .needs(Permission.OPERATE)
                .offers("AuditLog.list")
                .with(AuditLines.PARAMETERS)
                .errors(ErrorCode.UNKNOWN_ORG)
                .answers(AuditLines.class, this::audit));
    }

    private AuditLines audit(Call call) {
        return AuditLines.of(call, smartData.audit(call.scope())::list);
    }
}
