package io.smartdata.spring.web.api;

import io.smartdata.spring.web.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The emitter for pages. A browser keeps it, but asks each time whether it is still the same. */
final class ScriptRoutes implements RouteGroup {
    private static final String SCRIPT = "/io/smartdata/spring/web/smartdata.js";

    @Override
    public List<Route> routes() {
        byte[] script = read();
        return List.of(Route.get("/smartdata.js", "getScript", "The emitter for pages.")
                .ofCaller()
                .answersText("text/javascript", () -> script));
    }

    private static byte[] read() {
        try (InputStream in = ScriptRoutes.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException("smartdata.js is missing from the jar of the starter");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
