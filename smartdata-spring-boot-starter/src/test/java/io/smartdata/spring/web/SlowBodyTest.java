package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who announce much and send little hold memory, but neither that of others nor for long. */
class SlowBodyTest {
    private static final String EVENT = "{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}";
    private static final int BATCH = 1 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int BETWEEN_BYTES_MILLIS = 50;

    private static RunningHost host(Path folder, String timeout) {
        return RunningHost.withoutSecurity(
                folder,
                Gateway.class,
                "smartdata.web.enabled=true",
                "smartdata.web.max-bodies=4MB",
                "smartdata.ingest.max-batch-bytes=1MB",
                "smartdata.web.body-timeout=" + timeout);
    }

    /** A request of the org slow that says it will be as large as may be, and then says nothing. */
    private static Socket announce(RunningHost host) throws IOException {
        Socket socket = new Socket("localhost", host.uri("/").getPort());
        socket.getOutputStream()
                .write(
                        "POST /smartdata/api/v1/events HTTP/1.1\r\nHost: localhost\r\n%s: slow\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                .formatted(Gateway.USER, BATCH)
                                .getBytes(ISO_8859_1));
        return socket;
    }

    private static RunningHost.Answer send(RunningHost host, String user) throws IOException, InterruptedException {
        return host.post("/smartdata/api/v1/events", EVENT, Gateway.USER, user, "Content-Type", "application/json");
    }

    @Test
    void anOrgThatHoldsItsShareIsThrottledAndOthersAreNot(@TempDir Path folder) throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (RunningHost host = host(folder, "1h")) {
            RunningHost.Answer throttled = untilThrottled(host, slow);
            assertThat(throttled.json().path("code").asText()).isEqualTo("throttled");
            assertThat(throttled.header("Retry-After")).hasValue("1");
            assertThat(send(host, "quick").status()).isEqualTo(200);
            for (Socket one : slow) {
                one.close();
            }
            untilTaken(host);
        }
    }

    /** Announces one more until one of them holds the share: each may have found the org's own last request there. */
    private static RunningHost.Answer untilThrottled(RunningHost host, List<Socket> slow)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        RunningHost.Answer answer;
        do {
            slow.add(announce(host));
            answer = send(host, "slow");
        } while (answer.status() != 429 && System.nanoTime() < end);
        assertThat(answer.status()).as(answer.body()).isEqualTo(429);
        return answer;
    }

    /** The server notices who has gone in its own time. */
    private static void untilTaken(RunningHost host) throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        RunningHost.Answer answer = send(host, "slow");
        while (answer.status() != 200 && System.nanoTime() < end) {
            answer = send(host, "slow");
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void aBodyThatDripsIsEndedWhenItsTimeIsOver(@TempDir Path folder) throws Exception {
        try (RunningHost host = host(folder, "300ms");
                Socket socket = announce(host)) {
            String answer = drip(socket);
            assertThat(answer).startsWith("HTTP/1.1 408").contains("body_timed_out", "Nothing was stored");
            assertThat(send(host, "slow").status()).isEqualTo(200);
        }
    }

    /** A byte now and then, until there is an answer. */
    private static String drip(Socket socket) throws IOException {
        socket.setSoTimeout(BETWEEN_BYTES_MILLIS);
        InputStream in = socket.getInputStream();
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            try {
                byte[] answer = new byte[4096];
                int n = in.read(answer);
                return new String(answer, 0, Math.max(n, 0), ISO_8859_1);
            } catch (SocketTimeoutException notYet) {
                socket.getOutputStream().write(' ');
            }
        }
        throw new AssertionError("The server waits for ever");
    }
}
