package io.smartdata.spring.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.script.Browser.Answer;
import io.smartdata.spring.script.Browser.Request;
import io.smartdata.spring.script.Browser.Tab;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.graalvm.polyglot.PolyglotException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The emitter of a page, in a browser and against a server that do what the test says. */
class SmartDataScriptTest {
    /** A little more than the time after which a lone event is sent. */
    private static final Duration INTERVAL = Duration.ofSeconds(6);

    /** Enough for IndexedDB, too little for an answer of the server. */
    private static final Duration WRITTEN = Duration.ofMillis(10);

    /** Lives of a browser in each part of the test that tries many. */
    private static final int SEEDS = Boolean.getBoolean("smartdata.soak") ? 50 : 1;

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
        assertThat(server.event("7").path("occurredAt").asText()).isEqualTo("2026-02-28T22:00:00.000Z");
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
    @ValueSource(
            strings = {
                "<html>Log in to the airport's network</html>",
                "{}",
                "null",
                "[]",
                "{\"failed\":7}",
                "{\"accepted\":2,\"failed\":[null]}"
            })
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofManyTabsOneSendsAtATime(boolean webLocks) {
        if (!webLocks) {
            browser.withoutWebLocks();
        }
        List<Tab> tabs = IntStream.range(0, 5)
                .mapToObj(i -> browser.tab("\"batchEvents\":10"))
                .toList();
        for (int round = 0; round < 10; round++) {
            tabs.forEach(tab -> emit(tab, 7));
            browser.pass(Duration.ofSeconds(3));
        }
        browser.pass(INTERVAL);
        assertAllArrived(server, 350);
        assertThat(tabs.stream().mapToLong(tab -> tab.count("accepted")).sum()).isEqualTo(350);
        assertThat(tabs.stream().mapToLong(tab -> tab.count("duplicates")).sum())
                .isZero();
        List<Instant> times = server.requests.stream().map(Request::at).toList();
        assertThat(IntStream.range(1, times.size()).mapToObj(i -> Duration.between(times.get(i - 1), times.get(i))))
                .as("a request and its answer take 40 ms")
                .allSatisfy(gap -> assertThat(gap).isGreaterThanOrEqualTo(Duration.ofMillis(40)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatATabThatDiedWasSendingIsSentByAnother(boolean webLocks) {
        if (!webLocks) {
            browser.withoutWebLocks();
        }
        Tab first = browser.tab();
        Tab second = browser.tab();
        server.then(Answer.never());
        emit(first, 3);
        browser.pass(INTERVAL);
        assertThat(server.requests).hasSize(1);
        first.kill();
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 3);
        assertThat(second.count("accepted")).isEqualTo(3);
    }

    @Test
    void whatTheServerAsksOfOneTabHoldsForAll() {
        Tab first = browser.tab();
        Tab second = browser.tab();
        server.then(Answer.of(503, "", "Retry-After", "300"));
        emit(first, 1);
        browser.pass(INTERVAL);
        emit(second, 200);
        browser.pass(Duration.ofMinutes(4));
        browser.tab().wait("flush");
        assertThat(server.requests).hasSize(1);
        browser.pass(Duration.ofMinutes(2));
        assertAllArrived(server, 201);
    }

    @Test
    void emittersOfOtherAddressesSourcesOrQueuesDoNotMix() {
        server.then(Answer.lost());
        Tab ann = browser.tab("\"queue\":\"ann\"");
        emit(ann, 3);
        browser.pass(Duration.ofMillis(100));
        ann.kill();
        Tab bob = browser.tab("\"queue\":\"bob\"");
        browser.pass(Duration.ofMinutes(10));
        assertThat(server.requests).hasSize(1);
        assertThat(bob.count("queued")).isZero();
        browser.tab("\"queue\":\"ann\"").wait("flush");
        assertAllArrived(server, 3);
    }

    @Test
    void aPageThatGoesAwaySendsWhatTheBrowserStillLetsIt() {
        Tab tab = browser.tab("\"batchEvents\":1000");
        browser.pass(INTERVAL);
        for (int i = 0; i < 200; i++) {
            tab.emit("noted", "{properties: {text: 'x'.repeat(900)}}");
        }
        browser.pass(WRITTEN);
        tab.leave();
        browser.pass(Duration.ofMinutes(1));
        assertThat(server.requests).hasSize(1);
        Request farewell = server.requests.get(0);
        assertThat(farewell.keepalive()).isTrue();
        assertThat(farewell.header("X-User")).isEqualTo("acme");
        assertThat(farewell.bytes()).isBetween(50_000, 65_536);

        Tab next = browser.tab();
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 200);
        assertThat(next.count("duplicates"))
                .as("their answer did not arrive")
                .isEqualTo(farewell.events().size());
    }

    @Test
    void aPageThatIsOnlyHiddenReadsTheAnswer() {
        Tab tab = browser.tab();
        emit(tab, 3);
        tab.hide();
        browser.pass(INTERVAL);
        assertThat(server.requests).hasSize(1);
        assertThat(tab.count("accepted")).isEqualTo(3);
        assertThat(tab.count("queued")).isZero();
    }

    @Test
    void whatIsInARequestIsNotSentOnceMoreWhenThePageHides() {
        Tab tab = browser.tab();
        emit(tab, 3);
        browser.passUntil(() -> tab.count("requests") == 1);
        emit(tab, 2);
        tab.hide();
        browser.pass(INTERVAL);
        assertThat(server.requests)
                .extracting(request -> request.events().size())
                .containsExactly(3, 2);
        assertThat(tab.count("duplicates")).isZero();
    }

    @Test
    void anEventOfTheLastMomentLeavesWithThePage() {
        Tab tab = browser.withStorage("missing").tab();
        browser.pass(INTERVAL);
        tab.fire("pagehide");
        emit(tab, 1);
        tab.leave();
        browser.pass(INTERVAL);
        assertAllArrived(server, 1);
    }

    @Test
    void aFullDiskIsSaidAndLeftAsSoonAsThereIsRoomAgain() {
        Tab tab = browser.tab();
        browser.pass(INTERVAL);
        browser.withStorage("full");
        server.then(Answer.lost());
        emit(tab, 3);
        browser.pass(Duration.ofMillis(5_100));
        assertThat(tab.stats().path("storage").asText()).isEqualTo("memory");
        assertThat(tab.stats().path("storageError").asText()).isEqualTo("QuotaExceededError");
        assertThat(tab.count("queued")).isEqualTo(3);
        browser.withStorage("works");
        browser.pass(Duration.ofMinutes(1));
        emit(tab, 1);
        browser.pass(INTERVAL);
        assertThat(tab.stats().path("storage").asText()).isEqualTo("indexeddb");
        assertAllArrived(server, 4);
    }

    @Test
    void aDiskTooFullToDeleteFromDoesNotMakeThePageSendAgain() {
        Tab tab = browser.tab("\"batchEvents\":10");
        server.then(Answer.of(503, "", "Retry-After", "10"));
        emit(tab, 25);
        browser.pass(INTERVAL);
        browser.withStorage("full");
        server.then(Answer.lost());
        emit(tab, 5);
        browser.pass(Duration.ofMinutes(5));
        assertAllArrived(server, 30);
        assertThat(tab.count("queued")).isZero();
        assertThat(tab.count("duplicates")).isZero();
        assertThat(tab.stats().path("storage").asText()).isEqualTo("memory");
        browser.withStorage("works");
        emit(tab, 1);
        browser.pass(INTERVAL);
        assertThat(browser.tab().wait("flush").path("queued").asInt()).isZero();
        assertThat(server.requests).hasSize(7);
    }

    @Test
    void aNetworkThatIsBackIsTriedAtOnce() {
        Tab tab = browser.tab("\"minBackoff\":300000");
        server.then(Answer.lost());
        emit(tab, 1);
        browser.passUntil(() -> !tab.stats().path("nextAttempt").isNull());
        tab.online();
        browser.passUntil(() -> !server.stored.isEmpty());
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void aServerThatNeverAnswersIsLeft() {
        Tab tab = browser.tab("\"requestTimeout\":2000");
        server.then(Answer.never());
        emit(tab, 1);
        browser.pass(Duration.ofSeconds(30));
        assertThat(server.requests).hasSize(2);
        assertThat(tab.stats().path("lastError").path("message").asText()).contains("AbortError");
        assertAllArrived(server, 1);
    }

    @Test
    void closeSendsTheRestAndTakesNoMore() {
        Tab tab = browser.tab();
        emit(tab, 3);
        JsonNode last = tab.wait("close");
        assertThat(last.path("accepted").asInt()).isEqualTo(3);
        assertThat(tab.emit("late")).isNull();
        browser.pass(Duration.ofHours(1));
        assertThat(tab.drops()).containsExactly("closed");
        assertAllArrived(server, 3);
    }

    @ParameterizedTest
    @CsvSource({"works, 0", "missing, 3"})
    void closeKeepsItsDeadlineAndSaysWhatIsLost(String storage, int lost) {
        Tab tab = browser.withStorage(storage).tab();
        server.then(Answer.never());
        emit(tab, 3);
        Instant asked = browser.now();
        tab.wait("close", 1_500);
        assertThat(Duration.between(asked, browser.now())).isLessThan(Duration.ofSeconds(2));
        browser.pass(INTERVAL);
        assertThat(tab.count("dropped")).isEqualTo(lost);
        browser.tab();
        browser.pass(Duration.ofMinutes(1));
        assertAllArrived(server, 3 - lost);
    }

    @Test
    void clearForgetsWhatIsQueuedInAllTabs() {
        Tab tab = browser.tab();
        Tab other = browser.tab();
        server.then(Answer.of(503, "", "Retry-After", "60"));
        emit(tab, 3);
        emit(other, 2);
        browser.pass(INTERVAL);
        assertThat(tab.wait("clear").path("dropped").asInt()).isEqualTo(5);
        browser.pass(Duration.ofHours(1));
        assertThat(server.stored).isEmpty();
        assertThat(other.count("queued")).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'x'           | {value: NaN}                                  | invalid_value
            'x'           | {value: -Infinity}                            | invalid_value
            'x'           | {time: 'yesterday'}                           | invalid_time
            'x'           | {time: 9e99}                                  | invalid_time
            ''            | {}                                            | invalid_name
            '  '          | null                                          | invalid_name
            'x'           | {properties: (() => { const a = {}; a.a = a; return a })()} | invalid_event
            'x'           | {properties: {n: 1n}}                         | invalid_event
            'x'           | {get subject() { throw new Error('mine') }}   | invalid_event
            'x'           | {get subject() { throw null }}                | invalid_event
            'x'           | {id: {toString() { throw new Error('mine') }}}  | invalid_event
            'x'           | {properties: {text: 'x'.repeat(300000)}}      | event_too_large
            """)
    void anEventThatCannotBeSentIsAFailureNotAnException(String name, String event, String reason) {
        Tab tab = browser.tab();
        assertThat(tab.emit(name, event)).isNull();
        browser.pass(INTERVAL);
        assertThat(tab.failures()).containsExactly(reason);
        emit(tab, 1);
        browser.pass(INTERVAL);
        assertAllArrived(server, 1);
    }

    @Test
    void bigIntegersAndHostileTextArriveAsTheyAre() {
        Tab tab = browser.tab();
        String id = tab.emit("paid", "{value: 12345678901234567890n, properties: {text: '\\ud800 \\u2028 </script>'}}");
        tab.wait("flush");
        JsonNode event = server.event(id);
        assertThat(event.path("value").asText()).isEqualTo("12345678901234567890");
        assertThat(event.path("properties").path("text").asText()).isEqualTo("\ud800 \u2028 </script>");
    }

    @Test
    void listenersThatThrowOrEmitDoNoHarm() {
        Tab tab = browser.tab("\"hostile\":true", "\"maxQueueEvents\":3");
        tab.emit("", "{}");
        for (int i = 0; i < 10; i++) {
            tab.emit("clicked");
        }
        browser.pass(Duration.ofMinutes(1));
        assertThat(server.stored).hasSizeGreaterThanOrEqualTo(3);
        assertThat(tab.failures()).containsExactly("invalid_name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"url\":\"\"",
                "\"batchEvents\":0",
                "\"flushInterval\":\"5s\"",
                "\"maxBackoff\":null",
                "\"storage\":7"
            })
    void anOptionThatCannotWorkFailsAtOnce(String option) {
        assertThatThrownBy(() -> browser.tab(option))
                .isInstanceOf(PolyglotException.class)
                .hasMessageStartingWith("TypeError: smartdata: ");
    }

    @Test
    void theScriptNeedsNothingThatAStrictPolicyForbidsAndLooksAtNobody() {
        assertThat(Browser.text(Browser.SCRIPT))
                .doesNotContain(
                        "eval(", "new Function", "import ", "import(", "http://", "https://", "innerHTML", "userAgent")
                .doesNotContain("location", "referrer", "cookie", "localStorage", "sendBeacon(");
    }

    /**
     * Tabs open, emit, hide, leave and die, lines break before and after the server stored: whatever was taken and not told
     * to be dropped is at the server once in the end.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void whateverHappensNothingIsLostOrDoubled(int part) {
        for (int seed = part * SEEDS; seed < (part + 1) * SEEDS; seed++) {
            chaos(seed);
        }
    }

    private static void chaos(int seed) {
        EventServer there = new EventServer();
        Set<String> taken = new HashSet<>();
        try (Browser device = Browser.open(there, seed)) {
            if (seed % 2 == 0) {
                device.withoutWebLocks();
            }
            List<Tab> tabs = new ArrayList<>();
            for (int round = 0; round < 40; round++) {
                if (tabs.size() < 3) {
                    tabs.add(device.tab("\"batchEvents\":7", "\"maxBackoff\":20000"));
                    device.steps(20);
                }
                fault(device, there);
                Tab tab = tabs.get((int) (device.random() * tabs.size()));
                for (int i = (int) (device.random() * 10); i > 0; i--) {
                    taken.add(String.valueOf(tab.emit("clicked")));
                }
                device.pass(WRITTEN);
                device.steps((int) (device.random() * 60));
                switch ((int) (device.random() * 6)) {
                    case 0 -> tab.hide();
                    case 1 -> {
                        tab.kill();
                        tabs.remove(tab);
                    }
                    case 2 -> {
                        tab.leave();
                        tabs.remove(tab);
                    }
                    case 3 -> device.pass(INTERVAL);
                    default -> tab.online();
                }
            }
            Tab last = device.tab();
            device.pass(Duration.ofMinutes(30));
            taken.removeAll(there.stored.keySet());
            assertThat(taken).as("lost with seed %d", seed).isEmpty();
            assertThat(last.count("queued")).as("seed %d", seed).isZero();
        }
    }

    private static void fault(Browser device, EventServer there) {
        switch ((int) (device.random() * 6)) {
            case 0 -> there.then(Answer.lost());
            case 1 -> there.then(Answer.of(503, "", "Retry-After", "3"));
            case 2 ->
                there.then(request -> {
                    there.take(request);
                    return Answer.lost();
                });
            case 3 -> there.then(request -> request.ids().size() > 1 ? Answer.of(413, "") : there.take(request));
            case 4 -> there.then(Answer.never());
            default -> there.then(there::take);
        }
    }
}
