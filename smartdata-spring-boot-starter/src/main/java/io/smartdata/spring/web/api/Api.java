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
     * @param basePath under which they lie
     * @param maxRangeDays most days of the range of a query
     */
    public static List<Route> routes(SmartData smartData, String basePath, int maxRangeDays) {
        List<Route> routes = new ArrayList<>();
        Route document = Route.get("/openapi.json", "getOpenApi", "This document.")
                .ofCaller()
                .answersText("application/json", () -> Json.bytes(OpenApiDocument.of(routes, basePath)));
        Stream.of(new EventRoutes(smartData), new KpiRoutes(smartData, maxRangeDays), new FreshnessRoutes(smartData))
                .forEach(group -> routes.addAll(group.routes()));
        routes.add(document);
        return List.copyOf(routes);
    }
}
