package io.smartdata.spring;

import io.smartdata.core.emit.EmitterSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code smartdata.emitter}.
 *
 * @param url Address of another smartdata server to send events to, for example https://stats.example.com/smartdata. Without it there is no EventEmitter.
 * @param org Org that the events belong to. Unless set, the only one of the token.
 * @param token Bearer token to send with; a bean EmitterAuthorization takes its place.
 * @param allowPlainHttp Whether events and tokens may cross a network without TLS.
 * @param spool Where events wait: memory, file, or database (an outbox in the application's own).
 * @param spoolFolder Folder of the file spool, of this application alone.
 * @param spoolMaxBytes Most bytes of the file spool.
 * @param spoolMaxEvents Most events of the database spool.
 * @param queue Name of the database spool; nodes with the same name share it.
 * @param unsentFile File for events that will never be sent. Unless set, unsent.ndjson in the folder of the file spool.
 * @param unsentMaxBytes Most bytes of that file.
 * @param maxWaiting Most events in memory.
 * @param maxWaitingBytes Most bytes of events in memory.
 * @param maxEventBytes Longest event.
 * @param batchEvents Most events of a request.
 * @param batchBytes Most bytes of a request, before compression.
 * @param gzipOver Bodies longer than this are compressed.
 * @param linger Longest time that an event waits for others to be sent with.
 * @param firstBackoff Longest wait before the first repetition.
 * @param longestBackoff Longest wait before any repetition.
 * @param connectTimeout Longest time to make a connection.
 * @param requestTimeout Longest time from a request to the end of its answer.
 * @param closeTimeout How long a stop waits for events to be sent; less than spring.lifecycle.timeout-per-shutdown-phase.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata.emitter")
public record SmartDataEmitterProperties(
        @Nullable URI url,
        @Nullable String org,
        @Nullable String token,
        @DefaultValue("false") boolean allowPlainHttp,
        @DefaultValue("memory") Spool spool,
        @Nullable Path spoolFolder,
        @DefaultValue("256MB") DataSize spoolMaxBytes,
        @DefaultValue("1000000") long spoolMaxEvents,
        @DefaultValue("default") String queue,
        @Nullable Path unsentFile,
        @DefaultValue("64MB") DataSize unsentMaxBytes,
        @DefaultValue("100000") int maxWaiting,
        @DefaultValue("64MB") DataSize maxWaitingBytes,
        @DefaultValue("64KB") DataSize maxEventBytes,
        @DefaultValue("500") int batchEvents,
        @DefaultValue("1MB") DataSize batchBytes,
        @DefaultValue("4KB") DataSize gzipOver,
        @DefaultValue("1s") Duration linger,
        @DefaultValue("500ms") Duration firstBackoff,
        @DefaultValue("1m") Duration longestBackoff,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("10s") Duration closeTimeout) {
    /** Where events wait. */
    public enum Spool {
        /** In memory; the end of the process loses them. */
        MEMORY,
        /** In files. */
        FILE,
        /** In the database of the application. */
        DATABASE
    }

    EmitterSettings settings() {
        return new EmitterSettings(
                maxWaiting,
                maxWaitingBytes.toBytes(),
                Math.toIntExact(maxEventBytes.toBytes()),
                batchEvents,
                Math.toIntExact(batchBytes.toBytes()),
                linger,
                firstBackoff,
                longestBackoff);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "SmartDataEmitterProperties[url=%s, org=%s, spool=%s]".formatted(url, org, spool);
    }
}
