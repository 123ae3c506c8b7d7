package io.smartdata.spring.web.route;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API: what it is asked with, who may ask, what it answers, and how. Everything that is written about the
 * API is made of this.
 *
 * @since 0.1.0
 */
public final class Route {
    private final String method;
    private final String path;
    private final String id;
    private final String summary;
    private final Access access;
    private final Set<Permission> permissions;
    private final Set<Permission> wishes;
    private final List<String> operations;
    private final List<Parameter<?>> parameters;
    private final Set<Parameter<?>> required;
    private final @Nullable Body body;
    private final Set<ErrorCode> errors;
    private final @Nullable Class<?> problemMembers;
    private final Answer answer;
    private final Responder responder;

    /** Whose data a route is about. */
    public enum Access {
        /** One org's. */
        ORG,
        /** Of whichever orgs the caller may act in, as each part of the request tells. */
        CALLER,
        /** Many orgs', for those who may read across. */
        ACROSS_ORGS
    }

    /**
     * A body that a request may have.
     *
     * @param mediaTypes it may be in
     * @param type record that it is read as; null if it is events
     * @param required whether it must be there
     */
    public record Body(List<String> mediaTypes, @Nullable Class<?> type, boolean required) {
        public Body {
            mediaTypes = List.copyOf(mediaTypes);
        }
    }

    /** Computes an answer. */
    @FunctionalInterface
    public interface Handler<A> {
        A answer(Call call) throws IOException;
    }

    /** Does something that needs no answer. */
    @FunctionalInterface
    public interface Action {
        void run(Call call) throws IOException;
    }

    /** Begins an answer that is written as it is computed. */
    @FunctionalInterface
    public interface Streaming {
        Download begin(Call call) throws IOException;
    }

    /**
     * An answer of any length.
     *
     * @param mediaType of the whole
     * @param fileName under which a browser keeps it
     * @param content writes it; whatever it throws before its first byte is still answered as a problem
     */
    public record Download(String mediaType, String fileName, Content content) {}

    /** Writes as much as there is. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private Route(Builder builder, Answer answer, Responder responder) {
        this.method = builder.method;
        this.path = builder.path;
        this.id = builder.id;
        this.summary = builder.summary;
        this.access = builder.access;
        this.permissions = Set.copyOf(builder.permissions);
        this.wishes = Set.copyOf(builder.wishes);
        this.operations = List.copyOf(builder.operations);
        this.parameters = List.copyOf(builder.parameters);
        this.required = Set.copyOf(builder.required);
        this.body = builder.body;
        this.errors = Set.copyOf(builder.errors);
        this.problemMembers = builder.problemMembers;
        this.answer = answer;
        this.responder = responder;
    }

    /**
     * A route that reads.
     *
     * @param path below {@code /api/v1}, with {@code {name}} for parts that differ
     * @param id camel case, unique
     */
    public static Builder get(String path, String id, String summary) {
        return new Builder("GET", path, id, summary);
    }

    /** A route that does something. */
    public static Builder post(String path, String id, String summary) {
        return new Builder("POST", path, id, summary);
    }

    /** A route that sets something. */
    public static Builder put(String path, String id, String summary) {
        return new Builder("PUT", path, id, summary);
    }

    /** A route that takes something away. */
    public static Builder delete(String path, String id, String summary) {
        return new Builder("DELETE", path, id, summary);
    }

    public String method() {
        return method;
    }

    /** Below the base path. */
    public String path() {
        return path;
    }

    public String id() {
        return id;
    }

    public String summary() {
        return summary;
    }

    public Access access() {
        return access;
    }

    /** What the caller must be permitted in the org; empty unless the route is about one. */
    public Set<Permission> permissions() {
        return permissions;
    }

    /** What the caller may be permitted beside, to be shown more. */
    public Set<Permission> wishes() {
        return wishes;
    }

    /** Operations of the facade that it offers, as {@code Kpis.series}. */
    public List<String> operations() {
        return operations;
    }

    /** Without {@code org}, which every route about one org has. */
    public List<Parameter<?>> parameters() {
        return parameters;
    }

    /** Whether a request must say it. */
    public boolean requires(Parameter<?> parameter) {
        return parameter.in() == Parameter.In.PATH || required.contains(parameter);
    }

    public @Nullable Body body() {
        return body;
    }

    /** Whether a body may be of a media type. */
    boolean takes(String mediaType) {
        return body != null && body.mediaTypes().contains(mediaType);
    }

    /** Beside those that every route may answer. */
    public Set<ErrorCode> errors() {
        return errors;
    }

    /** Record of what a problem of this route may say beside what all do; null if it says no more. */
    public @Nullable Class<?> problemMembers() {
        return problemMembers;
    }

    public Answer answer() {
        return answer;
    }

    Responder responder() {
        return responder;
    }

    /**
     * Builds a route; what it answers comes last.
     *
     * @since 0.1.0
     */
    public static final class Builder {
        private final String method;
        private final String path;
        private final String id;
        private final String summary;
        private Access access = Access.ORG;
        private final Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        private final Set<Permission> wishes = EnumSet.noneOf(Permission.class);
        private final List<String> operations = new ArrayList<>();
        private final List<Parameter<?>> parameters = new ArrayList<>();
        private final List<Parameter<?>> required = new ArrayList<>();
        private @Nullable Body body;
        private final Set<ErrorCode> errors = EnumSet.noneOf(ErrorCode.class);
        private @Nullable Class<?> problemMembers;

        private Builder(String method, String path, String id, String summary) {
            this.method = method;
            this.path = "/api/v1" + path;
            this.id = requireNonNull(id, "id");
            this.summary = requireNonNull(summary, "summary");
        }

        /** What the caller must be permitted in the org. */
        public Builder needs(Permission... newPermissions) {
            permissions.addAll(List.of(newPermissions));
            return this;
        }

        /** What the caller need not be permitted, and is shown more with. */
        public Builder showsMoreWith(Permission... newPermissions) {
            wishes.addAll(List.of(newPermissions));
            return this;
        }

        /** For callers with whatever permissions; the operation asks for them. */
        public Builder ofCaller() {
            access = Access.CALLER;
            return this;
        }

        /** For those who may read across orgs. */
        public Builder acrossOrgs() {
            access = Access.ACROSS_ORGS;
            return this;
        }

        /** Operations of the facade that it offers, as {@code Kpis.series}. */
        public Builder offers(String... newOperations) {
            operations.addAll(List.of(newOperations));
            return this;
        }

        /** What the request may say; parameters of the path it does say. */
        public Builder with(Parameter<?>... newParameters) {
            parameters.addAll(List.of(newParameters));
            return this;
        }

        /** What the request must say. */
        public Builder requires(Parameter<?>... newParameters) {
            required.addAll(List.of(newParameters));
            return with(newParameters);
        }

        /** A body that is an object. */
        public Builder body(Class<?> type) {
            body = new Body(List.of("application/json"), type, true);
            return errors(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        }

        /** A body that is an object and may be left out. */
        public Builder optionalBody(Class<?> type) {
            body = new Body(List.of("application/json"), type, false);
            return errors(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        }

        /** A body of events. */
        public Builder events(String... mediaTypes) {
            body = new Body(List.of(mediaTypes), null, true);
            return errors(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        }

        /** Beside those that every route may answer. */
        public Builder errors(ErrorCode... newErrors) {
            errors.addAll(Arrays.asList(newErrors));
            return this;
        }

        /** What a problem of this route may say beside what all do, as a {@link DetailedException} gives it. */
        public Builder problemsWith(Class<? extends Record> members) {
            problemMembers = members;
            return this;
        }

        /** Answers with a record. */
        public <A extends Record> Route answers(Class<A> type, Handler<A> handler) {
            return json(200, type, "The answer.", (call, reply) -> reply.json(handler.answer(call)));
        }

        /** Answers with a record, or that the client has it already. */
        public <A extends Record> Route answersTagged(Class<A> type, Handler<A> handler) {
            return json(
                    200,
                    type,
                    "The answer, with an ETag that changes when anything but dataFreshAsOf does.",
                    (call, reply) -> reply.tagged(handler.answer(call)));
        }

        /** Answers that what was asked for goes on by itself. */
        public <A extends Record> Route answersAccepted(Class<A> type, Handler<A> handler) {
            return json(202, type, "It goes on by itself.", (call, reply) -> reply.json(202, handler.answer(call)));
        }

        private Route json(int status, Class<?> type, String description, Responder responder) {
            return new Route(this, new Answer(status, List.of("application/json"), type, description), responder);
        }

        /** Answers that it is done. */
        public Route answersNothing(Action action) {
            return new Route(this, new Answer(204, List.of(), null, "Done."), (call, reply) -> {
                action.run(call);
                return reply.nothing();
            });
        }

        /** Answers with a text that is always the same. */
        public Route answersText(String mediaType, Supplier<byte[]> text) {
            return new Route(
                    this,
                    new Answer(200, List.of(mediaType), null, "The text."),
                    (call, reply) -> reply.text(mediaType, text.get()));
        }

        /** Answers with as much as there is. */
        public Route streams(List<String> mediaTypes, Streaming streaming) {
            return new Route(
                    this,
                    new Answer(200, mediaTypes, null, "As much as there is."),
                    (call, reply) -> reply.download(streaming.begin(call)));
        }
    }
}
