package io.smartdata.spring.web.api;

import io.smartdata.core.SmartData;
import io.smartdata.spring.web.openapi.OpenApiDocument;
import io.smartdata.spring.web.route.Json;
import io.smartdata.spring.web.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All routes of the API.
 *
 * @since 0.1.0
 */
public final class Api {
    private Api() {}

    /**
     * The table of routes.
     *
     * @param settings what the host chose
     */
    public static List<Route> routes(SmartData smartData, ApiSettings settings) {
        List<Route> routes = new ArrayList<>();
        Route document = Route.get("/openapi.json", "getOpenApi", "This document.")
                .ofCaller()
                .answersText("application/json", () -> Json.bytes(OpenApiDocument.of(routes, settings.basePath())));
        Workbench workbench = Workbench.ofThisMachine();
        int maxRangeDays = settings.maxRangeDays();
        Stream.of(
                        new EventRoutes(smartData, settings.compat()),
                        new UploadRoutes(smartData, settings.uploads()),
                        new DeadLetterRoutes(smartData),
                        new RetractionRoutes(smartData),
                        new SourceRoutes(smartData),
                        new OverviewRoutes(smartData),
                        new KpiRoutes(smartData, maxRangeDays),
                        new RangeRoutes(smartData, maxRangeDays),
                        new StoredEventRoutes(smartData),
                        new SubjectRoutes(smartData, maxRangeDays, workbench),
                        new AnomalyRoutes(smartData, maxRangeDays, workbench),
                        new AlertRoutes(smartData, maxRangeDays),
                        new ForecastRoutes(smartData, workbench),
                        new FreshnessRoutes(smartData),
                        new OrgRoutes(smartData, maxRangeDays, workbench),
                        new ExportRoutes(smartData),
                        new AuditRoutes(smartData),
                        new JobRoutes(smartData),
                        new CrossOrgRoutes(smartData, maxRangeDays),
                        new ScriptRoutes())
                .forEach(group -> routes.addAll(group.routes()));
        routes.add(document);
        return List.copyOf(routes);
    }
}
