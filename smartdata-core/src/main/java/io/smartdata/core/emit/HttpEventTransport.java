package io.smartdata.core.emit;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.OrgId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches to the REST API of a smartdata server: {@code POST BASE/api/v1/events}. Over HTTPS, over plain HTTP to this
 * machine only unless told otherwise. Follows redirects within the same origin only. Logs nothing.
 *
 * @since 0.1.0
 */
public final class HttpEventTransport implements EventTransport {
    private static final String EVENTS = "/api/v1/events";
    private static final int MOST_REDIRECTS = 3;

    /** A server refuses what inflates to more than a hundred times its size. */
    private static final int MOST_RATIO = 50;

    private final URI address;
    private final @Nullable EmitterAuthorization authorization;
    private final HttpClient client;
    private final Duration timeout;
    private final int gzipOver;
    private final HttpAnswer.Reader answers;

    private HttpEventTransport(Builder builder) {
        this.address = builder.address();
        this.authorization = builder.authorization;
        this.client = builder.client();
        this.timeout = builder.requestTimeout;
        this.gzipOver = builder.gzipOver;
        this.answers = new HttpAnswer.Reader(builder.clock);
    }

    /**
     * A transport to the server whose API lies under this address.
     *
     * @param base for example {@code https://stats.example.com/smartdata}
     */
    public static Builder to(URI base) {
        return new Builder(base);
    }

    /** Collects the parts of an {@link HttpEventTransport}. */
    public static final class Builder {
        private final URI base;
        private @Nullable OrgId org;
        private @Nullable EmitterAuthorization authorization;
        private @Nullable HttpClient client;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private int gzipOver = 4 << 10;
        private boolean plainHttp;
        private Clock clock = Clock.systemUTC();

        private Builder(URI base) {
            this.base = requireNonNull(base, "base");
        }

        /** The org that the events belong to; without it, the only one of the caller. */
        public Builder org(String newOrg) {
            this.org = OrgId.of(newOrg);
            return this;
        }

        /** Who sends. */
        public Builder authorization(EmitterAuthorization newAuthorization) {
            this.authorization = requireNonNull(newAuthorization, "authorization");
            return this;
        }

        /** A bearer token that does not change. */
        public Builder token(String token) {
            String header = "Bearer " + requireNonNull(token, "token");
            return authorization(renewed -> header);
        }

        /** A client of the host's own, for its proxy or certificates; must not follow redirects. */
        public Builder client(HttpClient newClient) {
            this.client = requireNonNull(newClient, "client");
            return this;
        }

        /** Longest time to make a connection; of a client of the host's own, as that says. */
        public Builder connectTimeout(Duration longest) {
            this.connectTimeout = requirePositive(longest, "connectTimeout");
            return this;
        }

        /** Longest time from the request to the end of its answer. */
        public Builder requestTimeout(Duration longest) {
            this.requestTimeout = requirePositive(longest, "requestTimeout");
            return this;
        }

        /** Compresses bodies of more bytes than this. */
        public Builder gzipOver(int bytes) {
            this.gzipOver = bytes;
            return this;
        }

        /** Allows plain HTTP to other machines: whoever is on the way reads and changes events and tokens. */
        public Builder allowPlainHttp() {
            this.plainHttp = true;
            return this;
        }

        /** For waits until a date, where the server does not say what time it is itself. */
        public Builder clock(Clock newClock) {
            this.clock = requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * The transport; connects when it first sends.
         *
         * @throws IllegalArgumentException if the address is not one of HTTPS (or of HTTP where that is allowed), has a user,
         *     a query or a fragment, or if the client follows redirects
         */
        public HttpEventTransport build() {
            return new HttpEventTransport(this);
        }

        private URI address() {
            String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
            require(
                    base.getHost() != null && List.of("http", "https").contains(scheme),
                    "an address like https://HOST/PATH");
            require(
                    base.getRawUserInfo() == null && base.getRawQuery() == null && base.getRawFragment() == null,
                    "an address without user, query and fragment");
            require(
                    scheme.equals("https") || plainHttp || local(base.getHost()),
                    "one of HTTPS, for over HTTP anybody on the way reads events and tokens; or allow plain HTTP");
            String path = base.getRawPath().replaceFirst("/+$", "") + EVENTS;
            String query = org == null ? "" : "?org=" + URLEncoder.encode(org.value(), StandardCharsets.UTF_8);
            return base.resolve(path + query);
        }

        private void require(boolean fact, String what) {
            if (!fact) {
                throw new IllegalArgumentException("The server's address must be " + what);
            }
        }

        private static boolean local(String host) {
            return host.equalsIgnoreCase("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
        }

        private static Duration requirePositive(Duration duration, String name) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(name + " must be positive, was " + duration);
            }
            return duration;
        }

        private HttpClient client() {
            HttpClient own = client;
            if (own != null && own.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "The client must not follow redirects: events and tokens would go wherever an answer says");
            }
            return own != null
                    ? own
                    : HttpClient.newBuilder()
                            .version(
                                    "https".equalsIgnoreCase(base.getScheme())
                                            ? HttpClient.Version.HTTP_2
                                            : HttpClient.Version.HTTP_1_1)
                            .connectTimeout(connectTimeout)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
        }
    }

    @Override
    public Delivery send(List<byte[]> events) throws InterruptedException {
        byte[] plain = array(events);
        byte[] packed = plain.length > gzipOver ? gzip(plain) : plain;
        boolean gzip = packed.length < plain.length && plain.length / packed.length < MOST_RATIO;
        try {
            HttpResponse<byte[]> response = request(gzip ? packed : plain, gzip, false);
            if (response.statusCode() == 401 && authorization != null) {
                response = request(gzip ? packed : plain, gzip, true);
            }
            return answers.read(response);
        } catch (AuthorizationException e) {
            return new Delivery.Deferred("authorization_failed", "There is no authorization to send with now.", null);
        } catch (IOException e) {
            return new Delivery.Deferred(code(e), "The server could not be reached, or the answer was lost.", null);
        }
    }

    private HttpResponse<byte[]> request(byte[] body, boolean gzip, boolean renewed)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (gzip) {
            request.header("Content-Encoding", "gzip");
        }
        if (authorization != null) {
            authorize(request, authorization, renewed);
        }
        HttpResponse<byte[]> response = exchange(request.build());
        for (int hop = 0; hop < MOST_REDIRECTS && response.statusCode() / 100 == 3; hop++) {
            URI next = HttpAnswer.redirect(response);
            if (next == null || !sameOrigin(next)) {
                break;
            }
            response = exchange(request.uri(next).build());
        }
        return response;
    }

    private boolean sameOrigin(URI other) {
        return address.getScheme().equalsIgnoreCase(other.getScheme())
                && address.getHost().equalsIgnoreCase(other.getHost())
                && address.getPort() == other.getPort();
    }

    /** Without the cause: it may quote the token. */
    private static void authorize(HttpRequest.Builder request, EmitterAuthorization authorization, boolean renewed)
            throws AuthorizationException, InterruptedException {
        try {
            request.header("Authorization", authorization.header(renewed));
        } catch (IOException | RuntimeException e) {
            throw new AuthorizationException();
        }
    }

    /** Tells it from a failure of the server. */
    private static final class AuthorizationException extends IOException {
        private static final long serialVersionUID = 1L;

        AuthorizationException() {
            super("No authorization");
        }
    }

    /** The timeout of a request ends with its headers, so that of the answer is kept here. */
    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, BoundedBody.handler());
        try {
            return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("The answer took too long");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private static String code(IOException e) {
        if (e instanceof HttpConnectTimeoutException || e instanceof ConnectException) {
            return "connect_failed";
        }
        if (e instanceof HttpTimeoutException) {
            return "timeout";
        }
        return e instanceof SSLException ? "tls_failed" : "io_failed";
    }

    private static byte[] array(List<byte[]> events) {
        int length = 1 + events.stream().mapToInt(event -> event.length + 1).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length);
        char separator = '[';
        for (byte[] event : events) {
            out.write(separator);
            out.writeBytes(event);
            separator = ',';
        }
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail to be written", e);
        }
        return out.toByteArray();
    }
}
