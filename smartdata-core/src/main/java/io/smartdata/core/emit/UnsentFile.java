package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.event.Properties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes events that were given up to a file, one JSON object a line: {@code code}, {@code message}, {@code at},
 * {@code deadLetterId} and the {@code event} itself. Synced, so that nothing is forgotten that is in neither place. A full file
 * takes no more, and the events stay with the emitter until somebody has looked and moved it away. A file that is made here can
 * be read by its owner only.
 *
 * @since 0.1.0
 */
public final class UnsentFile implements UnsentEvents {
    private final Path file;
    private final long maxBytes;

    private UnsentFile(Path file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    /**
     * A file that is opened for each event, so that it may be moved away at any time.
     *
     * @param file in a folder that is there
     * @param maxBytes most bytes of it
     */
    public static UnsentFile at(Path file, long maxBytes) {
        return new UnsentFile(requireNonNull(file, "file"), maxBytes);
    }

    /** @throws SmartDataException {@code unsent_file_full} or {@code unsent_file_failed} */
    @Override
    public synchronized void accept(UnsentEvent event) {
        byte[] line = line(event).getBytes(UTF_8);
        try (FileChannel channel = FileChannel.open(file, Set.of(CREATE, APPEND), OwnerOnly.file())) {
            if (channel.size() + line.length > maxBytes) {
                throw new SmartDataException(
                        "unsent_file_full",
                        "The file of unsent events is full. They stay with the emitter. Look at it and move it away.");
            }
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new SmartDataException(
                    "unsent_file_failed",
                    "The file of unsent events cannot be written. They stay with the emitter.",
                    e);
        }
    }

    private static String line(UnsentEvent event) {
        StringBuilder line = new StringBuilder(event.json().length() + 200);
        member(line.append('{'), "code", event.code());
        member(line.append(','), "message", event.message());
        member(line.append(','), "at", event.at().toString());
        if (event.deadLetterId() != null) {
            member(line.append(','), "deadLetterId", event.deadLetterId());
        }
        return line.append(",\"event\":").append(event.json()).append("}\n").toString();
    }

    /** Half a character, which a server may have sent, becomes a question mark. */
    private static void member(StringBuilder line, String name, String value) {
        Properties.appendQuoted(line, name);
        Properties.appendQuoted(line.append(':'), new String(value.getBytes(UTF_8), UTF_8));
    }
}
