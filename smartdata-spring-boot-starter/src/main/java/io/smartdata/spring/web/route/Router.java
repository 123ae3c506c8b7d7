package io.smartdata.spring.web.route;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.access.Access;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Brings requests to the routes of a table. Every request asks for a scope first, so no route decides who may see what; every
 * failure under the base path is a problem in JSON.
 *
 * @since 0.1.0
 */
public final class Router {
    /** The org a request is about. */
    public static final Parameter<OrgId> ORG = Parameter.text(
            "org",
            "The org; callers with exactly one may leave it out. It grants nothing.",
            "1 to 128 letters, digits or . _ : @ / + - =",
            OrgId::of);

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final String basePath;
    private final Access access;
    private final Identity identity;
    private final Bodies bodies;
    private final BodyMemory memory;

    /** Who asks, as the host knows them. */
    public interface Identity {
        /** Empty for anonymous requests. */
        Optional<Caller> caller(HttpServletRequest request);

        /** The orgs the caller belongs to. */
        Set<OrgId> orgs(HttpServletRequest request);
    }

    /**
     * Bounds of the bodies that are read into memory.
     *
     * @param mostOfOne bytes
     * @param mostOfAll bytes of all that are being read at once
     * @param timeout one may take to be received
     */
    public record Bodies(int mostOfOne, long mostOfAll, Duration timeout) {
        public Bodies {
            requireNonNull(timeout, "timeout");
        }
    }

    /** @param basePath begins with a slash and does not end with one */
    public Router(String basePath, Access access, Identity identity, Bodies bodies) {
        this.basePath = requireNonNull(basePath, "basePath");
        this.access = requireNonNull(access, "access");
        this.identity = requireNonNull(identity, "identity");
        this.bodies = requireNonNull(bodies, "bodies");
        this.memory = new BodyMemory(bodies.mostOfAll(), bodies.mostOfOne());
    }

    /** Serves a table. */
    public RouterFunction<ServerResponse> routes(List<Route> table) {
        RouterFunctions.Builder routes = RouterFunctions.route();
        Map<String, List<Route>> byPath =
                table.stream().collect(groupingBy(Route::path, LinkedHashMap::new, Collectors.toList()));
        byPath.forEach((path, of) -> {
            of.forEach(route -> routes.route(
                    RequestPredicates.method(HttpMethod.valueOf(route.method()))
                            .and(RequestPredicates.path(basePath + path)),
                    request -> handle(route, request)));
            routes.route(RequestPredicates.path(basePath + path), request -> wrongMethod(of, request));
        });
        return routes.route(RequestPredicates.path(basePath + "/**"), Router::nothingHere)
                .filter(Router::answered)
                .build();
    }

    private static ServerResponse wrongMethod(List<Route> routes, ServerRequest request) {
        String methods = routes.stream().map(Route::method).sorted().collect(Collectors.joining(", "));
        return Reply.to(request)
                .header("Allow", methods)
                .problem(Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "This address takes %s only.".formatted(methods)));
    }

    private static ServerResponse nothingHere(ServerRequest request) {
        return Reply.to(request).problem(Problem.of(ErrorCode.NOT_FOUND));
    }

    /** Whatever is thrown becomes a problem; what nobody thought of is logged under the id that the client reads. */
    private static ServerResponse answered(ServerRequest request, HandlerFunction<ServerResponse> handler) {
        try {
            return handler.handle(request);
        } catch (Exception e) {
            return Reply.to(request).problem(problem(Reply.requestId(request), e));
        }
    }

    /** Answers a request that failed before it came to a route. */
    public static void refuse(HttpServletRequest request, HttpServletResponse response, SmartDataException failure) {
        ServerRequest plain = ServerRequest.create(request, List.of());
        try {
            Reply.to(plain).problem(problem(Reply.requestId(plain), failure)).writeTo(request, response, List::of);
        } catch (ServletException | IOException e) {
            LOG.debug("client_gone request={}", Reply.requestId(plain), e);
        }
    }

    /** What to answer to a failure; ours are logged. */
    static Problem problem(String requestId, Exception failure) {
        if (!(failure instanceof SmartDataException known)) {
            LOG.error("request_failed request={}", requestId, failure);
            return Problem.unexpected();
        }
        Problem problem = Problem.of(known);
        if (problem.status() >= 500) {
            LOG.warn("request_failed request={} code={}", requestId, known.code(), failure);
        }
        return problem;
    }

    private ServerResponse handle(Route route, ServerRequest request) throws Exception {
        Caller caller = identity.caller(request.servletRequest())
                .orElseThrow(() -> new SmartDataException("unauthenticated", "Log in first."));
        Address.requireReadable(request);
        requireNoForm(route, request);
        Call call = switch (route.access()) {
            case ORG -> {
                OrgScope scope = scope(route, request, caller);
                yield new Call(request, caller, scope, null, bodiesOf(scope.org()));
            }
            case CALLER -> new Call(request, caller, null, null, bodiesOf(caller), org(request));
            case ACROSS_ORGS -> new Call(request, caller, null, access.crossOrg(caller), bodiesOf(caller));
        };
        requireKnownParameters(route, request);
        requireHeadersOnce(route, request);
        return route.responder().respond(call, Reply.to(request));
    }

    /** @param holder who the memory for them is taken for */
    private BodyReader bodiesOf(Object holder) {
        return new BodyReader(memory, holder, bodies.timeout(), bodies.mostOfOne());
    }

    /** The container may have read such a body already, for parameters in it. */
    private static void requireNoForm(Route route, ServerRequest request) {
        String type = String.valueOf(request.servletRequest().getContentType()).toLowerCase(Locale.ROOT);
        boolean form = type.startsWith(FORM) || type.startsWith(MULTIPART) && !route.takes(MULTIPART);
        if (form && !route.method().equals("GET") && request.servletRequest().getContentLengthLong() != 0) {
            throw new SmartDataException(
                    "unsupported_media_type",
                    "The body is declared as a form. Nothing was stored or changed. Say in Content-Type what it is.");
        }
    }

    /** What is misspelt must not be taken for left out. */
    private static void requireKnownParameters(Route route, ServerRequest request) {
        Set<String> known = Stream.concat(
                        route.access() == Route.Access.ORG ? Stream.of(ORG) : Stream.empty(),
                        route.parameters().stream())
                .filter(parameter -> parameter.in() == Parameter.In.QUERY)
                .map(Parameter::name)
                .collect(Collectors.toCollection(TreeSet::new));
        request.params().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw new SmartDataException(
                        "invalid_request",
                        "There is no such parameter here. This address takes: %s."
                                .formatted(known.isEmpty() ? "none" : String.join(", ", known)));
            }
            if (values.size() > 1) {
                throw new SmartDataException("invalid_request", "%s must be given once.".formatted(name));
            }
        });
    }

    private static void requireHeadersOnce(Route route, ServerRequest request) {
        Stream.concat(
                        Stream.of("Content-Type"),
                        route.parameters().stream()
                                .filter(parameter -> parameter.in() == Parameter.In.HEADER)
                                .map(Parameter::name))
                .filter(name -> Collections.list(request.servletRequest().getHeaders(name))
                                .size()
                        > 1)
                .findFirst()
                .ifPresent(name -> {
                    throw new SmartDataException(
                            "invalid_request", "%s must be given once. Nothing was stored or changed.".formatted(name));
                });
    }

    private OrgScope scope(Route route, ServerRequest request, Caller caller) {
        OrgId org = org(request)
                .orElseThrow(() -> new SmartDataException(
                        "org_missing", "The request names no org. Nothing was read or stored. Add the parameter org."));
        OrgScope needed = scope(caller, org, route.permissions());
        Set<Permission> granted = EnumSet.copyOf(route.permissions());
        route.wishes().stream().filter(wish -> permits(caller, org, wish)).forEach(granted::add);
        return granted.equals(route.permissions()) ? needed : scope(caller, org, granted);
    }

    private OrgScope scope(Caller caller, OrgId org, Set<Permission> permissions) {
        Permission[] all = permissions.toArray(Permission[]::new);
        return access.scope(caller, org, all[0], Arrays.copyOfRange(all, 1, all.length));
    }

    private boolean permits(Caller caller, OrgId org, Permission permission) {
        try {
            access.scope(caller, org, permission);
            return true;
        } catch (SmartDataException denied) {
            return false;
        }
    }

    /** The org the request names, for the policy to judge, or else the only one of the caller. */
    private Optional<OrgId> org(ServerRequest request) {
        Optional<String> named = request.param(ORG.name());
        if (named.isPresent()) {
            return named.map(ORG::read);
        }
        Set<OrgId> own = identity.orgs(request.servletRequest());
        return own.size() == 1 ? Optional.of(own.iterator().next()) : Optional.empty();
    }
}
