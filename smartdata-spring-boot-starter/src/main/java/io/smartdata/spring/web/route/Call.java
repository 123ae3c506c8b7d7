package io.smartdata.spring.web.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.CrossOrgScope;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * A request of a caller who may make it.
 *
 * @since 0.1.0
 */
public final class Call {
    private static final int MAX_SMALL_BODY = 1 << 20;

    private final ServerRequest request;
    private final Caller caller;
    private final @Nullable OrgScope scope;
    private final @Nullable CrossOrgScope crossOrg;
    private final BodyReader bodies;
    private final Optional<OrgId> org;

    Call(
            ServerRequest request,
            Caller caller,
            @Nullable OrgScope scope,
            @Nullable CrossOrgScope crossOrg,
            BodyReader bodies) {
        this(request, caller, scope, crossOrg, bodies, Optional.empty());
    }

    Call(
            ServerRequest request,
            Caller caller,
            @Nullable OrgScope scope,
            @Nullable CrossOrgScope crossOrg,
            BodyReader bodies,
            Optional<OrgId> org) {
        this.request = requireNonNull(request, "request");
        this.caller = requireNonNull(caller, "caller");
        this.scope = scope;
        this.crossOrg = crossOrg;
        this.bodies = requireNonNull(bodies, "bodies");
        this.org = requireNonNull(org, "org");
    }

    /** Who asks. */
    public Caller caller() {
        return caller;
    }

    /** The org and what the caller may do there; of routes that are about one org. */
    public OrgScope scope() {
        return requireNonNull(scope, "The route is not about one org");
    }

    /** The org that a request of a caller names, or the only one they have; it grants nothing. */
    public Optional<OrgId> org() {
        return org;
    }

    /** Of routes across orgs. */
    public CrossOrgScope crossOrg() {
        return requireNonNull(crossOrg, "The route is not across orgs");
    }

    /**
     * What the request says.
     *
     * @throws SmartDataException {@code invalid_request} if it cannot be read
     */
    public <T> Optional<T> get(Parameter<T> parameter) {
        return text(parameter).map(parameter::read);
    }

    /** What the request says, or what leaving it out means. */
    public <T> T get(Parameter<T> parameter, T otherwise) {
        return get(parameter).orElse(otherwise);
    }

    /**
     * What the request must say.
     *
     * @throws SmartDataException {@code invalid_request} if it does not
     */
    public <T> T required(Parameter<T> parameter) {
        return get(parameter)
                .orElseThrow(() -> new SmartDataException(
                        "invalid_request", "%s is missing: %s.".formatted(parameter.name(), parameter.expected())));
    }

    private Optional<String> text(Parameter<?> parameter) {
        return switch (parameter.in()) {
            case PATH -> Optional.of(request.pathVariable(parameter.name()));
            case QUERY -> request.param(parameter.name());
            case HEADER -> Optional.ofNullable(request.headers().firstHeader(parameter.name()));
        };
    }

    /**
     * The id in the path; one that is none is as unknown as any other.
     *
     * @throws SmartDataException with this code
     */
    public <T> T known(Parameter<T> inPath, ErrorCode unknown) {
        try {
            return required(inPath);
        } catch (SmartDataException e) {
            throw new SmartDataException(unknown.code(), unknown.meaning(), e);
        }
    }

    /** Type and subtype of the body; empty if there is none that can be read or the text is in another charset than UTF-8. */
    public String mediaType() {
        try {
            MediaType type = request.headers().contentType().orElse(MediaType.ALL);
            boolean utf8 = type.getCharset() == null || type.getCharset().equals(UTF_8);
            return utf8 ? type.getType() + "/" + type.getSubtype() : "";
        } catch (IllegalArgumentException unreadable) {
            return "";
        }
    }

    /**
     * Works with the whole body, in a memory that all requests share.
     *
     * @throws SmartDataException {@code batch_too_large}, {@code throttled}, {@code invalid_request} if it ends early
     */
    public <R> R body(BodyReader.Use<R> use) {
        return bodies.read(request.servletRequest(), use);
    }

    /** As {@link #body(BodyReader.Use)}, of so many bytes at most. */
    public <R> R body(int most, BodyReader.Use<R> use) {
        return bodies.upTo(most).read(request.servletRequest(), use);
    }

    /**
     * The body as an object.
     *
     * @throws SmartDataException {@code unsupported_media_type}, {@code invalid_request} with the member at fault, and what
     *     the record throws
     */
    public <T> T body(Class<T> type) {
        requireJson();
        return body(MAX_SMALL_BODY, body -> Json.read(body, type));
    }

    /** As {@link #body(Class)}, or {@code otherwise} if there is no body; one of no type is still there. */
    public <T> T body(Class<T> type, Supplier<T> otherwise) {
        return body(MAX_SMALL_BODY, body -> {
            if (body.length == 0) {
                return otherwise.get();
            }
            requireJson();
            return Json.read(body, type);
        });
    }

    private void requireJson() {
        if (!mediaType().equals("application/json")) {
            throw new SmartDataException(
                    "unsupported_media_type", "The body is sent as application/json, in UTF-8. Nothing was changed.");
        }
    }

    /** What a failure would be answered with, to say it of a part; what is our fault is in the log under the request's id. */
    public Refusal refusal(SmartDataException failure) {
        return Refusal.of(Router.problem(Reply.requestId(request), failure));
    }

    /** For what streams. */
    public HttpServletRequest servlet() {
        return request.servletRequest();
    }
}
