package io.smartdata.spring.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.script.Browser.Answer;
import io.smartdata.spring.script.Browser.Request;
import io.smartdata.spring.script.Browser.Tab;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The emitter of a page, in a browser and against a server that do what the test says. */
class SmartDataScriptTest {
    private static final Duration INTERVAL = Duration.ofSeconds(6);

    private final EventServer server = new EventServer();
    private final Browser browser = Browser.open(server);

    @AfterEach
    void close() {
        browser.close();
    }

    private static void emit(Tab tab, int events) {
        for (int i = 0; i < events; i++) {
            assertThat(tab.emit("clicked", "{value: %d}".formatted(i))).isNotNull();
        }
    }

    private static void assertAllArrived(EventServer server, int events) {
        assertThat(server.stored).hasSize(events);
    }

    @Test
    void anEventIsSentWithTheIdAndTheTimeItWasEmittedAt() {
        Tab tab = browser.tab("\"source\":\"shop & co\"");
        Instant emitted = browser.now();
        String id = tab.emit(
                "order_placed", "{value: 19.9, subject: 'ann', entity: 'course/42', properties: {country: 'DE'}}");
        browser.pass(INTERVAL);
        Request request = server.requests.get(0);
        assertThat(request.text("url")).isEqualTo(Browser.URL + "?source=shop%20%26%20co");
        assertThat(request.text("method")).isEqualTo("POST");
        assertThat(request.text("credentials")).isEqualTo("same-origin");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("X-User")).isEqualTo("acme");
        assertThat(request.events()).containsExactly(Browser.json("""
                        {"id":"%s","name":"order_placed","occurredAt":"%s","value":19.9,"subject":"ann","entity":"course/42",
                         "properties":{"country":"DE"}}""".formatted(
                        id, emitted.toString().replace("Z", ".000Z"))));
        assertThat(tab.count("accepted")).isEqualTo(1);
        assertThat(tab.count("queued")).isZero();
    }

    @Test
    void idAndTimeOfThePageAreKept() {
        Tab tab = browser.tab();
        assertThat(tab.emit("login", "{id: 7, time: '2026-02-28T23:00:00+01:00'}"))
                .isEqualTo("7");
        tab.wait("flush");
        assertThat(server.stored.get("7").path("occurredAt").asText()).isEqualTo("2026-02-28T22:00:00.000Z");
    }

    @Test
    void withoutRandomUuidIdsAreUuidsToo() {
        Tab tab = browser.withoutRandomUuid().tab();
        assertThat(Set.of(String.valueOf(tab.emit("a")), String.valueOf(tab.emit("a"))))
                .hasSize(2)
                .allSatisfy(id ->
                        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    }

    @Test
    void aFullBatchIsNotKeptWaiting() {
        Tab tab = browser.tab("\"batchEvents\":10");
        browser.pass(INTERVAL);
        emit(tab, 25);
        browser.pass(Duration.ofSeconds(1));
        assertThat(server.requests)
                .extracting(request -> request.events().size())
                .containsExactly(10, 10, 5);
        assertThat(server.stored.values())
                .extracting(event -> event.path("value").asInt())
                .isSorted();
    }

    @Test
    void aBatchHasNoMoreBytesThanAllowed() {
        Tab tab = browser.tab("\"batchBytes\":2000");
        for (int i = 0; i < 20; i++) {
            tab.emit("noted", "{properties: {text: 'ä€😀'.repeat(30)}}");
        }
        tab.wait("flush");
        assertThat(server.requests)
                .allSatisfy(request -> assertThat(request.bytes()).isLessThanOrEqualTo(2000));
        assertAllArrived(server, 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 401, 403, 408, 425, 429, 500, 502, 503, 504})
    void whatMayPassIsSentAgainToTheByte(int status) {
        Tab tab = browser.tab();
        emit(tab, 3);
        server.then(Answer.of(status, "<html>"));
        browser.pass(Duration.ofMinutes(1));
        assertThat(server.requests).hasSize(2);
        assertThat(server.requests.get(1).text("body"))
                .isEqualTo(server.requests.get(0).text("body"));
        assertThat(tab.count("accepted")).isEqualTo(3);
        assertThat(tab.count("failed")).isZero();
        assertThat(tab.stats().path("lastError").path("status").asInt()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Log in to the airport's network</html>", "{}", "null", "[]", "{\"failed\":7}"})
    void aPageThatIsNotOurAnswerSettlesNothing(String body) {
        Tab tab = browser.tab();
        emit(tab, 3);
        server.then(Answer.of(200, body));
        browser.pass(Duration.ofMinutes(1));
        assertThat(server.requests).hasSize(2);
        assertAllArrived(server, 3);
    }

    @ParameterizedTest
    @CsvSource({"400, http_400", "404, http_404", "409, http_409", "415, http_415", "422, http_422"})
    void aRefusalIsToldOnceAndNeverSentAgain(int status, String reason) {
        Tab tab = browser.tab();
        emit(tab, 3);
        server.then(Answer.of(status, ""));
        browser.pass(Duration.ofHours(1));
        assertThat(server.requests).hasSize(1);
        assertThat(tab.failures()).containsExactly(reason, reason, reason);
        assertThat(tab.stats()
                        .path("failures")
                        .get(1)
                        .path("event")
                        .path("value")
                        .asInt())
                .isEqualTo(1);
        assertThat(tab.count("queued")).isZero();
    }

    @Test
    void aPermissionThatTheServerItselfDeniesIsARefusal() {
        Tab tab = browser.tab();
        emit(tab, 1);
        server.then(Answer.of(403, "{\"code\":\"not_permitted\",\"detail\":\"No.\"}"));
        browser.pass(Duration.ofHours(1));
        assertThat(server.requests).hasSize(1);
        assertThat(tab.failures()).containsExactly("not_permitted");
    }

    @Test
    void waitsGrowAndHaveJitter() {
        Tab tab = browser.tab();
        emit(tab, 1);
        for (int i = 0; i < 30; i++) {
            server.then(Answer.lost());
        }
        browser.pass(Duration.ofHours(6));
        assertAllArrived(server, 1);
        List<Duration> waits = IntStream.range(1, 31)
                .mapToObj(i -> Duration.between(
                        server.requests.get(i - 1).at(), server.requests.get(i).at()))
                .toList();
        assertThat(waits.subList(0, 3)).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(9)));
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(301)));
        assertThat(Collections.max(waits)).isGreaterThan(Duration.ofSeconds(60));
        assertThat(new HashSet<>(waits)).hasSizeGreaterThan(25);
    }

    @ParameterizedTest
    @CsvSource({
        "120, ''",
        "'Sun, 01 Mar 2026 10:02:05 GMT', ''",
        "'Sun, 01 Mar 2026 03:02:00 GMT', 'Sun, 01 Mar 2026 03:00:00 GMT'"
    })
    void aRetryAfterIsKeptEvenIfTheQueueIsFullOfBatches(String retryAfter, String serverDate) {
        Tab tab = browser.tab("\"batchEvents\":2");
        server.then(Answer.of(429, "", "Retry-After", retryAfter, "Date", serverDate));
        emit(tab, 5);
        browser.pass(Duration.ofSeconds(60));
        emit(tab, 5);
        tab.wait("flush");
        tab.online();
        tab.hide();
        browser.pass(Duration.ofSeconds(55));
        assertThat(server.requests).hasSize(1);
        browser.pass(Duration.ofSeconds(20));
        assertAllArrived(server, 10);
    }

    @Test
    void aBatchThatIsTooLargeIsSplitUntilItFits() {
        Tab tab = browser.tab();
        emit(tab, 10);
        for (int i = 0; i < 2; i++) {
            server.then(Answer.of(413, ""));
        }
        tab.wait("flush");
        assertThat(server.requests)
                .extracting(request -> request.events().size())
                .containsExactly(10, 5, 3, 6, 1);
        assertAllArrived(server, 10);
    }

    @Test
    void anEventThatIsTooLargeByItselfDoesNotBlockTheOthers() {
        Tab tab = browser.tab();
        emit(tab, 4);
        for (int i = 0; i < 3; i++) {
            server.then(Answer.of(413, "{\"code\":\"batch_too_large\"}"));
        }
        tab.wait("flush");
        assertThat(tab.failures()).containsExactly("batch_too_large");
        assertAllArrived(server, 3);
    }

    @Test
    void ofABatchOnlyWhatMayWorkLaterIsKept() {
        Tab tab = browser.tab();
        server.then(request ->
                Answer.of(200, """
                {"received":3,"accepted":1,"duplicates":0,"failed":[
                  {"index":0,"id":"%s","reason":"schema_violation","field":"value","message":"Too small.","retryable":false},
                  {"index":2,"id":"%s","reason":"throttled","retryable":true}]}""".formatted(request.ids().get(0), request.ids().get(2))));
        emit(tab, 3);
        browser.pass(Duration.ofMinutes(1));
        assertThat(server.requests).hasSize(2);
        assertThat(server.requests.get(1).ids())
                .containsExactly(server.requests.get(0).ids().get(2));
        JsonNode failure = tab.stats().path("failures").get(0);
        assertThat(failure.path("reason").asText()).isEqualTo("schema_violation");
        assertThat(failure.path("field").asText()).isEqualTo("value");
        assertThat(failure.path("event").path("value").asInt()).isZero();
        assertThat(tab.count("accepted")).isEqualTo(2);
        assertThat(tab.count("failed")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"maxQueueEvents\":5", "\"maxQueueBytes\":400"})
    void aFullQueueTakesNoMoreAndSaysSo(String bound) {
        Tab tab = browser.tab(bound);
        server.then(Answer.of(503, "", "Retry-After", "600"));
        for (int i = 0; i < 50; i++) {
            tab.emit("clicked", "{id: 'number-%d'}".formatted(i));
            browser.steps(3);
        }
        browser.pass(Duration.ofSeconds(30));
        assertThat(tab.count("queued")).isEqualTo(5);
        assertThat(tab.count("queuedBytes")).isLessThanOrEqualTo(400);
        assertThat(tab.count("dropped")).isEqualTo(45);
        assertThat(new HashSet<>(tab.drops())).containsExactly("queue_full");
        browser.pass(Duration.ofMinutes(11));
        assertThat(server.stored.keySet()).containsExactly("number-0", "number-1", "number-2", "number-3", "number-4");
        emit(tab, 1);
        browser.pass(INTERVAL);
        assertAllArrived(server, 6);
    }

    @ParameterizedTest
    @CsvSource({
        "true, works",
        "false, works",
        "true, missing",
        "true, throws",
        "true, refuses",
        "true, hangs",
        "true, full"
    })
    void eventsArriveWhateverTheBrowserHas(boolean webLocks, String storage) {
        browser.withStorage(storage);
        if (!webLocks) {
            browser.withoutWebLocks();
        }
        Tab tab = browser.tab("\"batchEvents\":10");
        server.then(Answer.lost());
        emit(tab, 25);
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 25);
        assertThat(tab.count("accepted")).isEqualTo(25);
        assertThat(tab.count("queued")).isZero();
        assertThat(tab.stats().path("storage").asText()).isEqualTo(storage.equals("works") ? "indexeddb" : "memory");
        assertThat(tab.stats().path("storageError").isNull()).isEqualTo(storage.equals("works"));
    }

    @Test
    void eventsSurviveAReload() {
        Tab before = browser.tab();
        server.then(Answer.lost()).then(Answer.lost());
        emit(before, 7);
        browser.pass(Duration.ofSeconds(1));
        before.kill();
        Tab after = browser.tab();
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 7);
        assertThat(after.count("accepted")).isEqualTo(7);
    }

    @Test
    void aLostAnswerMakesDuplicatesNotEvents() {
        Tab tab = browser.tab();
        server.then(request -> {
            server.take(request);
            return Answer.lost();
        });
        emit(tab, 4);
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 4);
        assertThat(tab.count("accepted")).isZero();
        assertThat(tab.count("duplicates")).isEqualTo(4);
    }
}
