package io.smartdata.spring.web.upload;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes on disk that only this process can read. Where the operating system lets it, the file has no name from the moment it
 * is open, so that nothing stays behind whatever becomes of the process; elsewhere it goes when this is closed.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final FileChannel channel;
    private long size;

    private Spool(FileChannel channel) {
        this.channel = channel;
    }

    static Spool in(Path folder) throws IOException {
        Path file = folder.resolve("smartdata-" + UUID.randomUUID() + ".upload");
        return new Spool(FileChannel.open(file, Set.of(CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE), ofOwnerOnly(folder)));
    }

    private static FileAttribute<?>[] ofOwnerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    void append(byte[] bytes, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            size += channel.write(rest, size);
        }
    }

    long size() {
        return size;
    }

    /** All that was appended, from its first byte; as often as asked. */
    InputStream open() {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, target.length);
                int n = channel.read(ByteBuffer.wrap(target, offset, length), position);
                position += Math.max(n, 0);
                return n;
            }
        };
    }

    /** What it was for is done or has failed already: that it cannot be closed changes neither. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("upload_not_closed", e);
        }
    }
}
