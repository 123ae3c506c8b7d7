package io.smartdata.spring.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code smartdata.js} in the browser that {@code browser.mjs} makes up, on a clock that the test moves. The server is a
 * function. Not thread-safe.
 */
final class Browser implements AutoCloseable {
    static final String SCRIPT = "/io/smartdata/spring/web/smartdata.js";
    static final String URL = "/smartdata/api/v1/events";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Context context = Context.newBuilder("js")
            .allowHostAccess(HostAccess.NONE)
            .option("engine.WarnInterpreterOnly", "false")
            .option("js.esm-eval-returns-exports", "true")
            .build();
    private final Value browser;

    /** What arrived at the server. */
    record Request(Instant at, JsonNode json) {
        String text(String name) {
            return json.path(name).asText();
        }

        String header(String name) {
            return json.path("headers").path(name).asText();
        }

        boolean keepalive() {
            return json.path("keepalive").asBoolean();
        }

        int bytes() {
            return json.path("bytes").asInt();
        }

        List<JsonNode> events() {
            List<JsonNode> events = new ArrayList<>();
            Browser.json(text("body")).forEach(events::add);
            return events;
        }

        List<String> ids() {
            return events().stream().map(event -> event.path("id").asText()).toList();
        }
    }

    /**
     * What the server answers.
     *
     * @param status null if the line is cut before the answer is there
     * @param silent true if nothing ever comes
     */
    record Answer(@Nullable Integer status, Map<String, String> headers, String body, boolean silent) {
        static Answer of(int status, String body, String... headers) {
            Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (int i = 0; i < headers.length; i += 2) {
                named.put(headers[i], headers[i + 1]);
            }
            return new Answer(status, named, body, false);
        }

        static Answer lost() {
            return new Answer(null, Map.of(), "", false);
        }

        static Answer never() {
            return new Answer(null, Map.of(), "", true);
        }

        private String json() {
            Map<String, Object> members = new TreeMap<>(Map.of("headers", headers, "body", body, "silent", silent));
            if (status != null) {
                members.put("status", status);
            }
            try {
                return JSON.writeValueAsString(members);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One page with one emitter. */
    final class Tab {
        private final Value tab;

        private Tab(Value tab) {
            this.tab = tab;
        }

        /** The id of the event, null if it was refused. {@code event} is JavaScript. */
        @Nullable
        String emit(String name, String event) {
            Value id = tab.invokeMember("emit", name, context.eval("js", "(" + event + ")"));
            return id.isNull() ? null : id.asString();
        }

        @Nullable
        String emit(String name) {
            return emit(name, "undefined");
        }

        /** Asks for {@code flush}, {@code close} or {@code clear} and lets time pass until it is done. */
        JsonNode wait(String question, Object... arguments) {
            List<Object> all = new ArrayList<>(List.of(question));
            all.addAll(List.of(arguments));
            tab.invokeMember("ask", all.toArray());
            passUntil(() -> !tab.getMember("answer").isNull());
            return Browser.json(tab.getMember("answer").asString());
        }

        /** Statistics, with what the listeners were told as {@code failures} and {@code drops}. */
        JsonNode stats() {
            return Browser.json(tab.invokeMember("report").asString());
        }

        long count(String statistic) {
            return stats().path(statistic).asLong(-1);
        }

        /** Reasons of failures in the order they were told. */
        List<String> failures() {
            return stats().path("failures").findValuesAsText("reason");
        }

        List<String> drops() {
            return stats().path("drops").findValuesAsText("reason");
        }

        void hide() {
            tab.invokeMember("hide");
        }

        void leave() {
            tab.invokeMember("leave");
        }

        void kill() {
            tab.invokeMember("kill");
        }

        void online() {
            fire("online");
        }

        /** An event of the window. */
        void fire(String type) {
            tab.getMember("window").invokeMember("fire", type);
        }
    }

    private Browser(Function<Request, Answer> server, long seed) {
        Value createEmitter = module(SCRIPT).getMember("createEmitter");
        ProxyExecutable answering = arguments -> {
            JsonNode request = json(arguments[0].asString());
            return server.apply(
                            new Request(Instant.ofEpochMilli(request.path("at").asLong()), request))
                    .json();
        };
        browser = module("/io/smartdata/spring/web/browser.mjs")
                .getMember("createBrowser")
                .execute(createEmitter, answering, (int) seed);
    }

    static Browser open(Function<Request, Answer> server) {
        return new Browser(server, 42);
    }

    static Browser open(Function<Request, Answer> server, long seed) {
        return new Browser(server, seed);
    }

    private Value module(String resource) {
        return context.eval(Source.newBuilder("js", text(resource), resource)
                .mimeType("application/javascript+module")
                .buildLiteral());
    }

    static String text(String resource) {
        try (InputStream in = Browser.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on; see {@code browser.mjs}. */
    Browser withStorage(String behaviour) {
        browser.putMember("storage", behaviour);
        return this;
    }

    /** The clock of the device. */
    Browser at(Instant time) {
        browser.putMember("now", time.toEpochMilli());
        return this;
    }

    Browser withoutWebLocks() {
        browser.putMember("webLocks", false);
        return this;
    }

    Browser withoutRandomUuid() {
        browser.putMember("randomUuid", false);
        return this;
    }

    /** A page whose emitter has these options, as JSON members. */
    Tab tab(String... options) {
        String all = String.join(",", options);
        String json = "{\"url\":\"%s\"%s}".formatted(URL, all.isEmpty() ? "" : "," + all);
        return new Tab(browser.invokeMember("openTab", json));
    }

    Instant now() {
        return Instant.ofEpochMilli(browser.getMember("now").asLong());
    }

    /** A number in [0, 1) of the browser's seed. */
    double random() {
        return browser.invokeMember("random").asDouble();
    }

    void pass(Duration time) {
        long end = now().plus(time).toEpochMilli();
        for (long next = nextTask(); next >= 0 && next <= end; next = nextTask()) {
            browser.invokeMember("step");
        }
        browser.putMember("now", end);
    }

    /** Runs this many tasks, fewer if there is nothing more to do. */
    void steps(int tasks) {
        for (int i = 0; i < tasks && nextTask() >= 0; i++) {
            browser.invokeMember("step");
        }
    }

    void passUntil(BooleanSupplier done) {
        Instant deadline = now().plus(Duration.ofDays(2));
        while (!done.getAsBoolean()) {
            if (nextTask() < 0 || now().isAfter(deadline)) {
                throw new AssertionError("It does not happen");
            }
            browser.invokeMember("step");
        }
    }

    private long nextTask() {
        return browser.invokeMember("nextTask").asLong();
    }

    @Override
    public void close() {
        context.close();
    }
}
