package io.smartdata.core.emit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.smartdata.event.Event;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A process that emits until it is killed, and notes in a ledger of its own, synced to the disk, the id of each event that it
 * was promised.
 */
final class CrashingEmitter {
    static final int THREADS = 2;

    private CrashingEmitter() {}

    /** Arguments: address of the server, folder of the spool, ledger, prefix of all ids. */
    public static void main(String[] arguments) throws IOException {
        EventEmitter emitter = open(URI.create(arguments[0]), Path.of(arguments[1]));
        FileChannel ledger = FileChannel.open(Path.of(arguments[2]), CREATE, APPEND);
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            new Thread(() -> emitForever(emitter, ledger, arguments[3], first)).start();
        }
    }

    static EventEmitter open(URI server, Path spool) {
        return EventEmitter.to(HttpEventTransport.to(server).build())
                .settings(EmitterSettings.defaults()
                        .withBatch(100, 1 << 20)
                        .withLinger(Duration.ofMillis(5))
                        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(20)))
                .spool(FileSpool.open(spool, 64 << 20))
                .build();
    }

    private static void emitForever(EventEmitter emitter, FileChannel ledger, String prefix, int first) {
        for (int number = first; ; number += THREADS) {
            String id = prefix + "-" + number;
            Event event = Event.named("tick", Instant.EPOCH).id(id).build();
            if (number % 3 == 0) {
                emitter.emit(event); // no promise, no line
            } else if (emitter.emitDurably(event) == Emission.DURABLE) {
                note(ledger, id);
            }
        }
    }

    private static void note(FileChannel ledger, String id) {
        try {
            ledger.write(ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.UTF_8)));
            ledger.force(true);
        } catch (IOException e) {
            throw new IllegalStateException("An emitter without its ledger proves nothing", e);
        }
    }
}
