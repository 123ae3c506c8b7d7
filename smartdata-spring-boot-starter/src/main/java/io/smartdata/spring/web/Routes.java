package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The REST API. Every request asks for a scope first, so nothing here decides who may see what; every failure under the base
 * path is a problem in JSON.
 */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** Emitter of events that name none. */
    private static final String DEFAULT_SOURCE = "api";

    private static final Map<String, Format> FORMATS =
            Map.of("application/json", Format.JSON, "application/x-ndjson", Format.NDJSON, "text/csv", Format.CSV);

    private final SmartData smartData;
    private final RequestIdentity identity;
    private final BodyReader bodies;
    private final SmartDataWebProperties properties;

    Routes(SmartData smartData, RequestIdentity identity, BodyReader bodies, SmartDataWebProperties properties) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.identity = requireNonNull(identity, "identity");
        this.bodies = requireNonNull(bodies, "bodies");
        this.properties = requireNonNull(properties, "properties");
    }

    RouterFunction<ServerResponse> routes() {
        RouterFunctions.Builder routes = RouterFunctions.route();
        route(routes, HttpMethod.POST, "/api/v1/events", this::events);
        route(routes, HttpMethod.GET, "/api/v1/receipts/{id}", this::receipt);
        route(routes, HttpMethod.GET, "/api/v1/kpis", this::kpis);
        route(routes, HttpMethod.GET, "/api/v1/kpis/{kpi}/series", this::series);
        route(routes, HttpMethod.GET, "/api/v1/freshness", this::freshness);
        route(routes, HttpMethod.GET, "/smartdata.js", new ScriptResource(identity)::serve);
        return routes.route(RequestPredicates.path(properties.basePath() + "/**"), Routes::nothingHere)
                .filter(Routes::answered)
                .build();
    }

    private void route(
            RouterFunctions.Builder routes, HttpMethod method, String path, HandlerFunction<ServerResponse> handler) {
        String whole = properties.basePath() + path;
        routes.route(RequestPredicates.method(method).and(RequestPredicates.path(whole)), handler)
                .route(
                        RequestPredicates.path(whole),
                        request -> Reply.to(request)
                                .header("Allow", method.name())
                                .problem(Problem.of(
                                        405, "method_not_allowed", "This address takes " + method + " only.")));
    }

    private static ServerResponse nothingHere(ServerRequest request) {
        return Reply.to(request).problem(Problem.of(404, "not_found", "There is nothing at this address."));
    }

    /** Whatever is thrown becomes a problem; what nobody thought of is logged under the id that the client reads. */
    private static ServerResponse answered(ServerRequest request, HandlerFunction<ServerResponse> handler) {
        try {
            return handler.handle(request);
        } catch (SmartDataException e) {
            Problem problem = Problem.of(e);
            if (problem.status() >= 500) {
                LOG.warn("request_failed request={} code={}", Reply.requestId(request), e.code(), e);
            }
            return Reply.to(request).problem(problem);
        } catch (Exception e) {
            LOG.error("request_failed request={}", Reply.requestId(request), e);
            return Reply.to(request).problem(Problem.unexpected());
        }
    }

    private ServerResponse events(ServerRequest request) {
        OrgScope scope = scope(request, Permission.INGEST);
        IngestOptions options = ingestOptions(request);
        ObjectNode reply = bodies.read(
                request.servletRequest(),
                body -> Answers.batch(smartData.ingest(scope).batch(body, options)));
        return Reply.to(request).json(reply);
    }

    private static IngestOptions ingestOptions(ServerRequest request) {
        try {
            return IngestOptions.lenient(
                            ReadOptions.defaults(request.param("source").orElse(DEFAULT_SOURCE))
                                    .withFormat(format(request)))
                    .withDryRun(QueryParameters.flag(request, "dryRun"))
                    .withIdempotencyKey(request.headers().firstHeader("Idempotency-Key"));
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request", "source has 1 to 200 characters, an Idempotency-Key 1 to 255.", e);
        }
    }

    private static Format format(ServerRequest request) {
        Format format = FORMATS.get(mediaType(request));
        if (format == null) {
            throw new SmartDataException(
                    "unsupported_media_type",
                    "Events are sent as application/json, application/x-ndjson or text/csv, in UTF-8. Nothing was stored.");
        }
        return format;
    }

    /** Type and subtype only; empty if there is none that can be read or the text is in another charset than UTF-8. */
    private static String mediaType(ServerRequest request) {
        try {
            MediaType type = request.headers().contentType().orElse(MediaType.ALL);
            boolean utf8 = type.getCharset() == null || type.getCharset().equals(UTF_8);
            return utf8 ? type.getType() + "/" + type.getSubtype() : "";
        } catch (IllegalArgumentException unreadable) {
            return "";
        }
    }

    private ServerResponse receipt(ServerRequest request) {
        OrgScope scope = scope(request, Permission.INGEST);
        return Reply.to(request).json(Answers.receipt(smartData.ingest(scope).receipt(QueryParameters.id(request))));
    }

    private ServerResponse kpis(ServerRequest request) {
        OrgScope scope = scope(request, Permission.VIEW);
        return Reply.to(request).json(Answers.kpis(smartData.kpis(scope).names()));
    }

    /** Two answers with the same figures have the same tag, whenever they were read. */
    private ServerResponse series(ServerRequest request) {
        OrgScope scope = scope(request, Permission.VIEW);
        KpiQuery query = QueryParameters.series(request, properties.maxRangeDays());
        KpiSeries series = smartData.kpis(scope).series(query);
        return Reply.to(request)
                .tagged(
                        Answers.series(series),
                        node -> node.put("dataFreshAsOf", series.dataFreshAsOf().toString()));
    }

    private ServerResponse freshness(ServerRequest request) {
        OrgScope scope = scope(request, Permission.VIEW);
        return Reply.to(request).json(Answers.freshness(smartData.freshness(scope)));
    }

    private OrgScope scope(ServerRequest request, Permission permission) {
        Caller caller = identity.caller(request.servletRequest())
                .orElseThrow(() -> new SmartDataException("unauthenticated", "Log in first."));
        return smartData.access().scope(caller, org(request), permission);
    }

    /** The org the request names, for the policy to judge, or else the only one of the caller. */
    private OrgId org(ServerRequest request) {
        Optional<String> named = request.param("org");
        if (named.isPresent()) {
            return orgId(named.get());
        }
        Set<OrgId> own = identity.orgs(request.servletRequest());
        if (own.size() != 1) {
            throw new SmartDataException(
                    "org_missing", "The request names no org. Nothing was read or stored. Add the parameter org.");
        }
        return own.iterator().next();
    }

    private static OrgId orgId(String text) {
        try {
            return OrgId.of(text);
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request",
                    "org must have 1 to 128 letters, digits or . _ : @ / + - = and nothing else.",
                    e);
        }
    }
}
