package io.smartdata.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.LoggingEvent;

class LogEventTest {
    private final CapturingLogger logger = new CapturingLogger();

    @Test
    void valuesAreKeyValuesBesideAFixedMessage() {
        LogEvent.INGEST_BATCH
                .with(logger, "org", OrgId.of("acme"))
                .and("accepted", 3L)
                .and("dry_run", false)
                .and("millis", Duration.ofMillis(12))
                .write();
        LoggingEvent event = logger.events.get(0);
        assertThat(event.getMessage()).isEqualTo("ingest_batch");
        assertThat(event.getLevel()).isEqualTo(LogEvent.INGEST_BATCH.level());
        assertThat(event.getKeyValuePairs())
                .extracting(pair -> pair.key, pair -> pair.value)
                .containsExactly(
                        tuple("org", "acme"), tuple("accepted", 3L), tuple("dry_run", false), tuple("millis", 12L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop\n2026-01-01 WARN forged",
                "shop\r\nx",
                "shop\u2028x",
                "shop\u0085x",
                "shop\u001b[2Jx",
                "shop\u202Eevil",
                "shop\" accepted=\"9",
                "shop\uD800x"
            })
    void noValueLeavesItsLineOrItsQuotes(String hostile) {
        LogEvent.INGEST_REFUSED.with(logger, "source", hostile).write();
        String written = String.valueOf(logger.events.get(0).getKeyValuePairs().get(0).value);
        assertThat(written).startsWith("shop\\u").matches("\\P{C}+").doesNotContain("\"");
        assertThat(written.lines()).hasSize(1);
    }

    @Test
    void aLongValueIsCut() {
        LogEvent.INGEST_REFUSED.with(logger, "source", "x".repeat(10_000)).write();
        assertThat(String.valueOf(logger.events.get(0).getKeyValuePairs().get(0).value))
                .hasSize(201);
    }

    @Test
    void whatIsBelowTheLevelOfTheLogIsNotWritten() {
        LogEvent.COMPACTION.with(logger, "orgs", 1).and("deltas", 2).write();
        assertThat(logger.events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theMessageIsTheNameInLowerCase(LogEvent event) {
        assertThat(event.message()).matches("[a-z]+(_[a-z]+)+|compaction").isEqualToIgnoringCase(event.name());
    }

    @Test
    void aBatchAndARefusedCallAreEachOneLineWithoutPayload() {
        PrintStream before = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try (SmartData smartData = SmartData.builder()
                .storage(new InMemoryStorage())
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            var ingest =
                    smartData.ingest(smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST));
            IngestOptions options = IngestOptions.lenient(ReadOptions.defaults("shop\nforged"));
            ingest.batch(
                    "{\"id\":\"1\",\"time\":\"2026-03-01\",\"name\":\"n\",\"user\":\"s3cret\"}"
                            .getBytes(StandardCharsets.UTF_8),
                    options);
            try {
                ingest.batch("{\"id\":\"s3cret".getBytes(StandardCharsets.UTF_8), options);
            } catch (SmartDataException e) {
                assertThat(e.code()).isEqualTo("invalid_json");
            }
        } finally {
            System.setErr(before);
        }
        assertThat(captured.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(LogEvent.LOGGER)))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("INFO", "ingest_batch", "org=acme", "received=1", "source=shop\\u000aforged"),
                        line -> assertThat(line).contains("WARN", "ingest_refused", "code=invalid_json"))
                .noneMatch(line -> line.contains("s3cret"));
    }
}
