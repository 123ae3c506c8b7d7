package io.smartdata.benchmarks;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.ByteConverter;

/** One binary COPY: fields are encoded into a buffer that goes to the server in pieces. */
final class BinaryRows {
    private static final int PIECE = 64 << 10;
    /** More than the fields of fixed width of one row need. */
    private static final int MARGIN = 1 << 10;

    private static final byte[] HEADER =
            Arrays.copyOf(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', -1, '\r', '\n', 0}, 19);

    private final CopyIn copy;
    private ByteBuffer buffer = ByteBuffer.allocate(2 * PIECE);

    BinaryRows(CopyManager copies, String sql) throws SQLException {
        copy = copies.copyIn(sql);
        buffer.put(HEADER);
    }

    void row(int columns) throws SQLException {
        if (buffer.position() > PIECE) {
            flush();
        }
        buffer.putShort((short) columns);
    }

    /** Rows stored. */
    long end() throws SQLException {
        buffer.putShort((short) -1);
        flush();
        return copy.endCopy();
    }

    void nothing() {
        buffer.putInt(-1);
    }

    void int4(int value) {
        buffer.putInt(4).putInt(value);
    }

    void int8(long value) {
        buffer.putInt(8).putLong(value);
    }

    /** A UUID, or the same 16 bytes as bytea. */
    void id(long high, long low) {
        buffer.putInt(16).putLong(high).putLong(low);
    }

    void text(@Nullable String value) {
        bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    void numeric(@Nullable BigDecimal value) {
        bytes(value == null ? null : ByteConverter.numeric(value));
    }

    private void bytes(byte @Nullable [] value) {
        if (value == null) {
            nothing();
            return;
        }
        if (buffer.remaining() < value.length + MARGIN) {
            buffer = ByteBuffer.allocate(2 * (buffer.capacity() + value.length)).put(buffer.flip());
        }
        buffer.putInt(value.length).put(value);
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
