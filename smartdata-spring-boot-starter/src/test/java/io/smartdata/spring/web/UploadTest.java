package io.smartdata.spring.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over HTTP, as libraries and as hostile clients send them, to a host with the multipart limits of Boot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadTest {
    private static final String CSV = "text/csv";
    private static final String BYTES = "application/octet-stream";
    private static final String FORM = "multipart/form-data; boundary=b0undary";
    private static final int MEGABYTE = 1 << 20;

    private RunningHost host;
    private ApiClient api;
    private Path spool;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        spool = Files.createDirectory(folder.resolve("spool"));
        host = RunningHost.withoutSecurity(
                folder,
                Gateway.class,
                "smartdata.web.enabled=true",
                "smartdata.web.max-upload=8MB",
                "smartdata.web.uploads-at-once=3",
                "smartdata.web.upload-folder=" + spool,
                "smartdata.ingest.chunk-events=100");
        api = new ApiClient(host);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @AfterEach
    void nothingStaysOnDisk() throws IOException {
        try (Stream<Path> files = Files.list(spool)) {
            assertThat(files).isEmpty();
        }
    }

    private static String csv(int rows) {
        return "id,name,time,value\n"
                + IntStream.range(0, rows)
                        .mapToObj(i -> "e%d,order_placed,2026-03-01T10:00:00Z,1\n".formatted(i))
                        .collect(Collectors.joining());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private RunningHost.Answer upload(String user, String query, String type, byte[] body, String... headers)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(Gateway.USER, user, "Content-Type", type));
        all.addAll(Arrays.asList(headers));
        return host.send(
                HttpRequest.newBuilder(host.uri("/smartdata/api/v1/uploads" + query))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                all.toArray(String[]::new));
    }

    private RunningHost.Answer upload(String user, String query, String type, String body) throws Exception {
        return api.send(user, "POST", "/uploads" + query, body, "Content-Type", type);
    }

    private JsonNode status(String user, String id) throws Exception {
        return api.get(user, "/uploads/" + id).json();
    }

    private static void assertProblem(RunningHost.Answer answer, int status, String code) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.body()).doesNotContain("Exception", "io.smartdata", "org.apache", "/tmp", "spool");
    }

    private void assertNothingStored(String user) throws Exception {
        assertThat(api.get(user, "/kpis").json().path("code").asText()).isEqualTo("unknown_org");
    }

    private static <T> T eventually(Callable<T> question, Predicate<T> answered) throws Exception {
        Instant deadline = Instant.now().plusSeconds(30);
        T answer = question.call();
        while (!answered.test(answer)) {
            assertThat(Instant.now()).as("still %s", answer).isBefore(deadline);
            Thread.onSpinWait();
            answer = question.call();
        }
        return answer;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/csv | 'id,name,time\n1,login,2026-03-01T10:00:00Z\n'",
                "text/tab-separated-values | 'id\tname\ttime\n1\tlogin\t2026-03-01T10:00:00Z\n'",
                "application/octet-stream | 'id,name,time\n1,login,2026-03-01T10:00:00Z\n'",
                "application/json | '[{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}]'",
                "application/x-ndjson | '{\"id\":\"1\",\"name\":\"login\",\"time\":\"2026-03-01T10:00:00Z\"}'"
            })
    void everyFormatIsTaken(String type, String body) throws Exception {
        RunningHost.Answer answer = upload("formats", "?dryRun=true", type, body);
        assertThat(answer.json().path("accepted").asInt()).as(answer.body()).isEqualTo(1);
    }

    @Test
    void aCompressedFileIsTakenUnderAnyType() throws Exception {
        byte[] zipped = gzip(csv(5).getBytes(UTF_8));
        assertThat(upload("zipped", "", "application/gzip", zipped)
                        .json()
                        .path("accepted")
                        .asInt())
                .isEqualTo(5);
        assertThat(upload("zipped", "", CSV, zipped, "Content-Encoding", "gzip")
                        .json()
                        .path("duplicates")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void aFileIsReadAsItsParametersSay() throws Exception {
        String file = "when;total;who\n1772359200;7;Zoë\n";
        RunningHost.Answer answer = upload(
                "options",
                "?source=till&format=csv&delimiter=%3B&charset=ISO-8859-1&epochUnit=seconds&defaultName=sale&identity=content&zone=Europe/Berlin&mapping=occurredAt:when,value:total,subject:who",
                BYTES,
                file.getBytes(ISO_8859_1));
        assertThat(answer.json().path("accepted").asInt()).as(answer.body()).isEqualTo(1);
        assertThat(answer.json().path("source").asText()).isEqualTo("till");
        JsonNode series = api.get("options", "/kpis/sale.sum/series?from=2026-03-01&to=2026-03-02")
                .json();
        assertThat(series.path("points").get(0).path("value").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?mode=LENIENT",
                "?mode=lenient&mode=strict",
                "?format=xml",
                "?delimiter=%22",
                "?delimiter=ab",
                "?charset=klingon",
                "?zone=Mars/Base",
                "?epochUnit=days",
                "?mapping=occurredAt",
                "?mapping=colour:red",
                "?mapping=value:a,value:b",
                "?defaultName=%00",
                "?source=%00",
                "?identity=guess",
                "?dry_run=true"
            })
    void aParameterThatMakesNoSenseIsRefused(String query) throws Exception {
        assertProblem(upload("nonsense", query, CSV, csv(1)), 400, "invalid_request");
        assertNothingStored("nonsense");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/x-www-form-urlencoded",
                "multipart/mixed; boundary=x",
                "nonsense",
                "text/csv; charset=utf-16"
            })
    void anotherTypeIsRefused(String type) throws Exception {
        assertProblem(upload("types", "", type, csv(1)), 415, "unsupported_media_type");
        assertNothingStored("types");
    }

    @Test
    void aStrictFileWithBadRowsIsRefusedWithThem() throws Exception {
        String file = csv(150) + "bad,order_placed,yesterday,1\n".repeat(120);
        RunningHost.Answer answer = upload("strict", "", CSV, file);
        assertProblem(answer, 400, "invalid_events");
        JsonNode problem = answer.json();
        assertThat(problem.path("failed")).hasSize(100);
        assertThat(problem.path("failedCount").asInt()).isEqualTo(120);
        assertThat(problem.path("failed").get(0).path("row").asInt()).isEqualTo(152);
        assertThat(problem.path("failed").get(0).path("reason").asText()).isEqualTo("invalid_time");
        assertNothingStored("strict");
        assertProblem(upload("strict", "?mode=validated", CSV, file), 400, "invalid_events");
        assertNothingStored("strict");
    }

    @Test
    void aLenientFileIsStoredButForItsBadRows() throws Exception {
        JsonNode receipt = upload("lenient", "?mode=lenient", CSV, csv(150) + "bad,order_placed,yesterday,1\n")
                .json();
        assertThat(receipt.path("accepted").asInt()).isEqualTo(150);
        assertThat(receipt.path("rejected").asInt()).isEqualTo(1);
        assertThat(receipt.path("failed").get(0).path("deadLetterId").asText()).hasSize(36);
    }

    @Test
    void aLenientFileThatBreaksOffSaysWhatIsStored() throws Exception {
        byte[] zipped = gzip(randomised(40_000).getBytes(UTF_8));
        RunningHost.Answer answer = upload("cutzip", "?mode=lenient", BYTES, Arrays.copyOf(zipped, zipped.length - 40));
        assertProblem(answer, 400, "invalid_gzip");
        JsonNode stored = answer.json().path("stored");
        assertThat(stored.path("accepted").asInt()).isPositive().isLessThan(40_000);
        assertThat(api.get("cutzip", "/receipts/" + stored.path("receiptId").asText())
                        .json()
                        .path("accepted"))
                .isEqualTo(stored.path("accepted"));
        JsonNode again = upload("cutzip", "?mode=lenient", BYTES, zipped).json();
        assertThat(again.path("duplicates")).isEqualTo(stored.path("accepted"));
        assertThat(again.path("accepted").asInt() + again.path("duplicates").asInt())
                .isEqualTo(40_000);
    }

    private static String randomised(int rows) {
        return "id,name,time,value\n"
                + IntStream.range(0, rows)
                        .mapToObj(i -> "%s,order_placed,2026-03-01T10:00:00Z,1\n"
                                .formatted(new UUID(i * 0x9E3779B97F4A7C15L, i)))
                        .collect(Collectors.joining());
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        assertProblem(upload("empty", "", CSV, ""), 400, "empty_input");
    }

    @Test
    void aBombIsRefused() throws Exception {
        byte[] bomb = gzip((csv(1) + " ".repeat(64 * MEGABYTE)).getBytes(UTF_8));
        assertThat(bomb.length).isLessThan(MEGABYTE);
        assertThat(upload("bomb", "", BYTES, bomb).status()).isEqualTo(400);
        assertNothingStored("bomb");
    }

    @Test
    void theSameKeyGivesTheSameReceipt() throws Exception {
        RunningHost.Answer first = upload("keys", "", CSV, csv(3).getBytes(UTF_8), "Idempotency-Key", "file-1");
        RunningHost.Answer again = upload("keys", "", CSV, csv(3).getBytes(UTF_8), "Idempotency-Key", "file-1");
        assertThat(again.json()).isEqualTo(first.json());
        assertProblem(
                upload("keys", "", CSV, csv(4).getBytes(UTF_8), "Idempotency-Key", "file-1"),
                409,
                "idempotency_key_reused");
    }

    @Test
    void aFileWithoutADeclaredLengthIsTakenUpToTheLimit() throws Exception {
        byte[] file = csv(100_000).getBytes(UTF_8);
        assertThat(file.length).isBetween(3 * MEGABYTE, 8 * MEGABYTE);
        assertThat(chunked("chunked", file).json().path("accepted").asInt()).isEqualTo(100_000);
        byte[] tooLarge = (csv(1) + "\n".repeat(8 * MEGABYTE)).getBytes(UTF_8);
        assertProblem(chunked("toolarge", tooLarge), 413, "upload_too_large");
        assertThat(chunked("toolarge", tooLarge).body()).contains("smartdata.web.max-upload");
        assertNothingStored("toolarge");
    }

    private RunningHost.Answer chunked(String user, byte[] body) throws Exception {
        return host.send(
                HttpRequest.newBuilder(host.uri("/smartdata/api/v1/uploads"))
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))),
                Gateway.USER,
                user,
                "Content-Type",
                CSV);
    }

    @Test
    void aFileThatIsDeclaredTooLargeIsRefusedBeforeItIsRead() throws Exception {
        try (Client client = new Client("declared", UUID.randomUUID(), 8 * MEGABYTE + 1)) {
            assertThat(client.answer()).startsWith("HTTP/1.1 413").contains("upload_too_large");
        }
    }

    private static String form(String... parts) {
        return Arrays.stream(parts)
                        .map(part -> "--b0undary\r\n" + part + "\r\n")
                        .collect(Collectors.joining()) + "--b0undary--\r\n";
    }

    private static String file(String name, String fileName, String content) {
        return "Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: application/vnd.ms-excel\r\n\r\n%s"
                .formatted(name, fileName, content);
    }

    private static String field(String name, String value) {
        return "Content-Disposition: form-data; name=\"%s\"\r\n\r\n%s".formatted(name, value);
    }

    @Test
    void aFormIsTakenWithItsFileAndItsFields() throws Exception {
        RunningHost.Answer answer = upload(
                "form",
                "?source=desk",
                FORM,
                form(field("mode", "lenient"), file("file", "../../orders.csv", csv(3) + "bad,x,never,1\n")));
        assertThat(answer.json().path("accepted").asInt()).as(answer.body()).isEqualTo(3);
        assertThat(answer.json().path("rejected").asInt()).isEqualTo(1);
        assertThat(answer.json().path("source").asText()).isEqualTo("desk");
    }

    @Test
    void aFormWithoutExactlyOneFileIsRefused() throws Exception {
        for (String form : List.of(
                form(),
                form(file("files", "a.csv", csv(1))),
                form(field("file", csv(1))),
                form(file("file", "a.csv", csv(1)), file("file", "b.csv", csv(1))),
                form(file("file", "a.csv", csv(1)), file("other", "b.csv", csv(1))),
                form(file("file", "a.csv", csv(1)), field("mode", "lenient"), field("mode", "strict")),
                form(file("file", "a.csv", csv(1)), field("colour", "red")),
                form(file("file", "a.csv", csv(1))).substring(0, 60),
                "")) {
            assertProblem(upload("forms", "", FORM, form), 400, "invalid_request");
        }
        assertProblem(
                upload("forms", "", "multipart/form-data", form(file("file", "a", csv(1)))), 400, "invalid_request");
        assertNothingStored("forms");
    }

    @Test
    void aFormBeyondTheLimitsOfTheContainerIsRefusedWithTheProperty() throws Exception {
        String form = form(file("file", "a.csv", csv(1) + "\n".repeat(MEGABYTE + MEGABYTE / 2)));
        RunningHost.Answer answer = upload("large", "", FORM, form);
        assertProblem(answer, 413, "upload_too_large");
        assertThat(answer.json().path("detail").asText()).contains("spring.servlet.multipart.max-file-size");
        assertProblem(api.send("large", "POST", "/events", form, "Content-Type", FORM), 415, "unsupported_media_type");
    }

    @Test
    void whatElseTheHostTakesInFormsIsNotOurs() throws Exception {
        RunningHost.Answer answer = host.post("/elsewhere", "", "Content-Type", FORM);
        assertThat(answer.body()).doesNotContain("urn:smartdata");
    }

    /** A client that sends when told to. */
    private final class Client implements AutoCloseable {
        private final Socket socket;

        Client(String user, UUID id, long declared) throws IOException {
            socket = new Socket("localhost", host.uri("/").getPort());
            socket.setSoTimeout(30_000);
            send("POST /smartdata/api/v1/uploads?mode=lenient HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "X-User: %s\r\nUpload-Id: %s\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n"
                            .formatted(user, id, declared));
        }

        void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        /** As much as the server says it has; it may go on waiting for what is not sent. */
        String answer() throws IOException {
            StringBuilder answer = new StringBuilder();
            int left = Integer.MAX_VALUE;
            while (left > 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("end after %s", answer).isNotNegative();
                answer.append((char) next);
                left--;
                if (left > MEGABYTE && answer.toString().endsWith("\r\n\r\n")) {
                    left = Integer.parseInt(answer.toString().replaceAll("(?s).*\\nContent-Length: (\\d+).*", "$1"));
                }
            }
            return answer.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void progressIsToldWhileTheClientTakesItsTime() throws Exception {
        String file = csv(250);
        UUID id = UUID.randomUUID();
        try (Client client = new Client("slow", id, file.length())) {
            client.send(file.substring(0, 100));
            JsonNode receiving = eventually(
                    () -> api.get("slow", "/uploads/" + id).json(),
                    status -> status.path("receivedBytes").asInt() == 100);
            assertThat(receiving.path("state").asText()).isEqualTo("receiving");
            assertThat(receiving.path("declaredBytes").asInt()).isEqualTo(file.length());
            nothingStaysOnDisk();
            assertThat(api.get("slow/org_admin", "/uploads/" + id).status()).isEqualTo(404);
            assertThat(api.get("other", "/uploads/" + id).status()).isEqualTo(404);
            assertThat(api.send("other", "DELETE", "/uploads/" + id, null).status())
                    .isEqualTo(404);
            client.send(file.substring(100));
            assertThat(client.answer()).startsWith("HTTP/1.1 200").contains("\"accepted\":250");
        }
        JsonNode done = status("slow", id.toString());
        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.path("stage").asText()).isEqualTo("storing");
        assertThat(done.path("rows").asInt()).isEqualTo(250);
        assertThat(done.path("readBytes").asInt()).isEqualTo(file.length());
        assertThat(api.get("slow", "/receipts/" + done.path("receiptId").asText())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSlowClientHoldsNobodyElseUpAndNoMoreThanItsShare() throws Exception {
        UUID id = UUID.randomUUID();
        try (Client one = new Client("greedy", id, 1_000);
                Client two = new Client("greedy", UUID.randomUUID(), 1_000)) {
            one.send("id,");
            two.send("id,");
            eventually(
                    () -> upload("greedy", "?dryRun=true", CSV, csv(1)),
                    answer -> answer.status() == 429
                            && answer.header("Retry-After").isPresent());
            assertProblem(
                    upload("greedy", "", CSV, csv(1).getBytes(UTF_8), "Upload-Id", id.toString()), 429, "throttled");
            assertThat(upload("modest", "", CSV, csv(1)).status()).isEqualTo(200);
        }
        eventually(() -> upload("greedy", "", CSV, csv(1)), answer -> answer.status() == 200);
    }

    @Test
    void anIdIsTakenWhileItsUploadRunsAndFreeAfterwards() throws Exception {
        String file = csv(2);
        UUID id = UUID.randomUUID();
        try (Client client = new Client("twice", id, file.length())) {
            client.send(file.substring(0, 5));
            eventually(() -> api.get("twice", "/uploads/" + id), answer -> answer.status() == 200);
            assertProblem(
                    upload("twice", "", CSV, file.getBytes(UTF_8), "Upload-Id", id.toString()), 409, "upload_running");
            assertThat(status("twice", id.toString()).path("state").asText()).isEqualTo("receiving");
            client.send(file.substring(5));
            assertThat(client.answer()).startsWith("HTTP/1.1 200");
        }
        assertThat(upload("twice", "", CSV, file.getBytes(UTF_8), "Upload-Id", id.toString())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anUploadThatIsCancelledStoresNothing() throws Exception {
        UUID id = UUID.randomUUID();
        try (Client client = new Client("cancel", id, 1_000)) {
            client.send("id,name");
            eventually(() -> api.get("cancel", "/uploads/" + id), answer -> answer.status() == 200);
            RunningHost.Answer cancelled = api.send("cancel", "DELETE", "/uploads/" + id, null);
            assertThat(cancelled.status()).isEqualTo(202);
            assertThat(cancelled.json().path("cancelled").asBoolean()).isTrue();
            client.send(",time");
            assertThat(client.answer()).startsWith("HTTP/1.1 409").contains("upload_cancelled");
        }
        JsonNode failed = status("cancel", id.toString());
        assertThat(failed.path("state").asText()).isEqualTo("failed");
        assertThat(failed.path("problem").path("code").asText()).isEqualTo("upload_cancelled");
        assertNothingStored("cancel");
    }

    @Test
    void anUploadThatIsDoneStaysDone() throws Exception {
        UUID id = UUID.randomUUID();
        upload("done", "", CSV, csv(1).getBytes(UTF_8), "Upload-Id", id.toString());
        JsonNode status = api.send("done", "DELETE", "/uploads/" + id, null).json();
        assertThat(status.path("state").asText()).isEqualTo("done");
        assertThat(status.path("cancelled").asBoolean()).isFalse();
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() throws Exception {
        UUID id = UUID.randomUUID();
        try (Client client = new Client("gone", id, 1_000)) {
            client.send(csv(5));
            eventually(
                    () -> status("gone", id.toString()),
                    status -> status.path("receivedBytes").asInt() > 0);
        }
        JsonNode failed = eventually(
                () -> status("gone", id.toString()),
                status -> status.path("state").asText().equals("failed"));
        assertThat(failed.path("problem").path("code").asText()).isEqualTo("unreadable_input");
        assertThat(failed.path("receiptId").isNull()).isTrue();
        assertNothingStored("gone");
    }

    @Test
    void anIdThatIsNoneIsRefused() throws Exception {
        assertProblem(upload("ids", "", CSV, csv(1).getBytes(UTF_8), "Upload-Id", "../1"), 400, "invalid_request");
        assertProblem(api.get("ids", "/uploads/1"), 404, "unknown_upload");
        assertProblem(api.get("ids", "/uploads/" + UUID.randomUUID()), 404, "unknown_upload");
    }

    @Test
    void aDiskThatTakesNothingIsToldAndPasses() throws Exception {
        Files.delete(spool);
        RunningHost.Answer answer = upload("disk", "", CSV, csv(1));
        Files.createDirectory(spool);
        assertProblem(answer, 503, "upload_not_kept");
        assertThat(answer.header("Retry-After")).hasValue("60");
        assertThat(answer.json().path("detail").asText()).contains("disk", "Nothing was stored");
        assertNothingStored("disk");
        assertThat(upload("disk", "", CSV, csv(1)).status()).isEqualTo(200);
    }
}
