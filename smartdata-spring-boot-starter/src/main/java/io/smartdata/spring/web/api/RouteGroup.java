package io.smartdata.spring.web.api;

import io.smartdata.spring.web.route.Route;
import java.util.List;

/** The routes of one concept. */
interface RouteGroup {
    List<Route> routes();
}
