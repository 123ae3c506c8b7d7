package io.smartdata.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditQuery;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportsTest {
    private static final int EVENTS = 200_000;

    /** Far more than a writer's buffer holds, far less than the export. */
    private static final int MOST_ROWS_BEHIND = 1000;

    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);
    private static final LocalDate END = LocalDate.of(2026, 6, 1);
    private static final int SPIKE_DAY = 50;
    private static final LocalDate SPIKE = FIRST_DAY.plusDays(SPIKE_DAY);

    /** Counts lines and keeps none; optionally full after some. */
    private static final class CountingWriter extends Writer {
        private final long capacity;
        private long lines;

        CountingWriter(long capacity) {
            this.capacity = capacity;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            for (int i = from; i < from + length; i++) {
                lines += text[i] == '\n' ? 1 : 0;
            }
            if (lines > capacity) {
                throw new IOException("No space left");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** A storage with as many events as one likes, made while they are scanned. */
    private static Storage endless(Consumer<Consumer<StoredEvent>> scan) {
        Storage storage = new InMemoryStorage();
        EventStore events = proxy(EventStore.class, storage.events(), "scan", arguments -> {
            @SuppressWarnings("unchecked")
            Consumer<StoredEvent> sink = (Consumer<StoredEvent>) arguments[2];
            scan.accept(sink);
            return null;
        });
        return proxy(Storage.class, storage, "events", none -> events);
    }

    private static <T> T proxy(Class<T> type, T real, String method, Function<Object[], Object> own) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, args) -> {
            if (called.getName().equals(method)) {
                return own.apply(args);
            }
            try {
                return called.invoke(real, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static StoredEvent stored(int i) {
        Event event = Event.named("n", TIME)
                .id("e" + i)
                .value(i)
                .subject("line\nbreak")
                .build();
        return new StoredEvent(event, TIME, new UUID(0, 1));
    }

    private static SmartData open(Storage storage) {
        return SmartData.builder()
                .storage(storage)
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
    }

    private static long export(Storage storage, ExportFormat format, Writer out) {
        try (SmartData smartData = open(storage)) {
            OrgScope acme =
                    smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.EXPORT);
            smartData.ingest(acme).events(List.of());
            return smartData.exports(acme).events(EventRange.all(), format, out);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsLeaveWhileTheScanGoesOn(ExportFormat format) {
        CountingWriter out = new CountingWriter(Long.MAX_VALUE);
        int linesOfRow = format == ExportFormat.CSV ? 2 : 1;
        long[] mostBehind = {0};
        Storage storage = endless(sink -> {
            for (int i = 1; i <= EVENTS; i++) {
                sink.accept(stored(i));
                mostBehind[0] = Math.max(mostBehind[0], i - out.lines / linesOfRow);
            }
        });
        assertThat(export(storage, format, out)).isEqualTo(EVENTS);
        assertThat(mostBehind[0]).isLessThan(MOST_ROWS_BEHIND);
        assertThat(out.lines).isEqualTo((long) EVENTS * linesOfRow + (format == ExportFormat.CSV ? 1 : 0));
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatIsFullEndsTheScan(ExportFormat format) {
        int[] scanned = {0};
        Storage storage = endless(sink -> {
            for (int i = 1; i <= EVENTS; i++) {
                scanned[0] = i;
                sink.accept(stored(i));
            }
        });
        assertThatThrownBy(() -> export(storage, format, new CountingWriter(5000)))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("No space left");
        assertThat(scanned[0]).isLessThan(5000 + MOST_ROWS_BEHIND);
    }

    @Test
    void noCellOfTextRunsAsAFormulaAndNumbersStayNumbers() {
        Event hostile = Event.named("=1+1", TIME)
                .id("+id")
                .source("@source")
                .value(-5)
                .subject(" -subject")
                .entity("\uFF1Dentity")
                .session("safe")
                .build();
        StringWriter out = new StringWriter();
        export(endless(sink -> sink.accept(new StoredEvent(hostile, TIME, new UUID(0, 1)))), ExportFormat.CSV, out);
        assertThat(out.toString().lines().skip(1))
                .containsExactly("'+id,'@source,'=1+1,2026-03-01T10:00:00Z,-5,' -subject,'\uFF1Dentity,safe,,,"
                        + "2026-03-01T10:00:00Z,00000000-0000-0000-0000-000000000001");
    }

    /** An org with a KPI of a hostile name, an anomaly and a forecast. */
    private static OrgScope filled(SmartData smartData) {
        OrgScope acme = smartData
                .access()
                .scope(
                        Caller.of("ann"),
                        OrgId.of("acme"),
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.OPERATE,
                        Permission.EXPORT);
        smartData
                .ingest(acme)
                .events(IntStream.range(0, 60)
                        .mapToObj(day -> Event.named("=sale", TIME.plus(Duration.ofDays(day)))
                                .id("e" + day)
                                .source("@shop")
                                .value(day == SPIKE_DAY ? -10_000 : 100 + day % 7)
                                .build())
                        .toList());
        smartData.anomalies(acme).detect("=sale.sum", FIRST_DAY, END);
        smartData.forecasts(acme).forecast("=sale.sum", 2, "seasonal-naive");
        return acme;
    }

    @Test
    void resultsAreRowsInWhichTextIsHarmlessAndFiguresStayFigures() {
        try (SmartData smartData = open(new InMemoryStorage())) {
            Exports exports = smartData.exports(filled(smartData));
            StringWriter kpis = new StringWriter();
            assertThat(exports.kpis("@shop", SPIKE, SPIKE.plusDays(1), ExportFormat.CSV, kpis))
                    .isEqualTo(3);
            assertThat(kpis.toString().lines())
                    .startsWith("org,source,kpi,bucket,dimension,value,events")
                    .contains("acme,'@shop,'=sale.sum,%s,,-10000,1".formatted(SPIKE));
            StringWriter anomalies = new StringWriter();
            assertThat(exports.anomalies(SPIKE, SPIKE.plusDays(1), ExportFormat.CSV, anomalies))
                    .isOne();
            assertThat(anomalies.toString().lines())
                    .satisfiesExactly(
                            header -> assertThat(header)
                                    .isEqualTo("org,kpi,source,bucket,value,expected,lower,upper,score,severity,"
                                            + "shape,detector,reason,incident"),
                            row -> assertThat(row).startsWith("acme,'=sale.sum,,%s,-10000,".formatted(SPIKE)));
            StringWriter forecasts = new StringWriter();
            assertThat(exports.forecasts(ExportFormat.NDJSON, forecasts)).isEqualTo(2);
            assertThat(forecasts.toString().lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("{\"org\":\"acme\",\"kpi\":\"=sale.sum\",\"source\":\"\",\"bucket\":\"")
                            .contains("\"mean\":\"", "\"model\":\"seasonal-naive"));
        }
    }

    @Test
    void everyExportIsInTheAuditLogBeforeItsFirstCharacter() {
        try (SmartData smartData = open(new InMemoryStorage())) {
            OrgScope acme = filled(smartData);
            Exports exports = smartData.exports(acme);
            for (Map.Entry<String, Consumer<Writer>> export : Map.<String, Consumer<Writer>>of(
                            "kpis", out -> exports.kpis(null, FIRST_DAY, END, ExportFormat.CSV, out),
                            "anomalies", out -> exports.anomalies(FIRST_DAY, END, ExportFormat.CSV, out),
                            "forecasts", out -> exports.forecasts(ExportFormat.CSV, out))
                    .entrySet()) {
                assertThatThrownBy(() -> export.getValue().accept(new CountingWriter(0)))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasRootCauseMessage("No space left");
                assertThat(smartData.audit(acme).list(AuditQuery.newest(1)))
                        .singleElement()
                        .satisfies(record -> {
                            assertThat(record.entry().action()).isEqualTo(AuditAction.EXPORT);
                            assertThat(record.entry().target()).isEqualTo(export.getKey());
                            assertThat(record.caller()).isEqualTo(Caller.of("ann"));
                        });
            }
        }
    }
}
