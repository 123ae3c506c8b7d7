package io.smartdata.jdbc;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.util.ByteConverter;

/**
 * Writes rows by {@code COPY ... FROM STDIN} in the server's binary format: the server takes them in while the next ones
 * are written here. Nothing stands before {@link #end()}.
 */
final class PostgresCopy implements AutoCloseable {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int FLUSH_AT = 1 << 16;
    private static final int NULL = -1;
    /** Up to here a loop over the characters is quicker than an array of them. */
    private static final int SHORT_TEXT = 24;

    private static final int NUMERIC_BASE_DIGITS = 4;
    private static final int NUMERIC_BASE = 10_000;
    private static final short NUMERIC_NEGATIVE = 0x4000;
    private static final long[] POWERS = {1, 10, 100, 1000};
    /** A long of up to this many digits can be made longer by three. */
    private static final int MAX_FAST_DIGITS = 15;

    private final CopyIn copy;
    private byte[] buffer = new byte[FLUSH_AT + (1 << 13)];
    private int length;

    private PostgresCopy(CopyIn copy) {
        this.copy = copy;
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
        length = SIGNATURE.length;
        int32(0);
        int32(0);
    }

    /** False if another driver or a proxy without the real connection stands between. */
    static boolean possible(Connection connection) throws SQLException {
        return OnClassPath.DRIVER && connection.isWrapperFor(PGConnection.class);
    }

    /** True if the server said last that it is in a transaction. */
    static boolean inTransaction(Connection connection) throws SQLException {
        return OnClassPath.DRIVER
                && connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
    }

    /** Hosts may reach PostgreSQL by a driver that is not PostgreSQL's own. */
    private static final class OnClassPath {
        static final boolean DRIVER = find();

        private static boolean find() {
            try {
                Class.forName("org.postgresql.PGConnection", false, PostgresCopy.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }

    /**
     * Begins.
     *
     * @param target table with its columns in the order in which they will be written
     */
    static PostgresCopy into(Connection connection, String target) throws SQLException {
        return new PostgresCopy(connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + target + " FROM STDIN (FORMAT binary)"));
    }

    /** Begins a row; as many values follow. */
    void row(int columns) throws SQLException {
        if (length >= FLUSH_AT) {
            flush();
        }
        room(Short.BYTES);
        int16(columns);
    }

    void number(int value) {
        room(2 * Integer.BYTES);
        int32(Integer.BYTES);
        int32(value);
    }

    void number(long value) {
        room(Integer.BYTES + Long.BYTES);
        int32(Long.BYTES);
        int64(value);
    }

    void number(double value) {
        number(Double.doubleToRawLongBits(value));
    }

    void bytes(byte[] value) {
        room(Integer.BYTES + value.length);
        int32(value.length);
        raw(value);
    }

    /** A column of 16 bytes. */
    void bytes(long high, long low) {
        room(Integer.BYTES + 2 * Long.BYTES);
        int32(2 * Long.BYTES);
        int64(high);
        int64(low);
    }

    /** Short texts that are ASCII, as most are, are their own UTF-8. */
    void text(@Nullable String value) {
        if (value == null) {
            absent();
        } else if (value.length() > SHORT_TEXT || !shortAscii(value)) {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean shortAscii(String value) {
        int chars = value.length();
        room(Integer.BYTES + chars);
        int at = length + Integer.BYTES;
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            buffer[at++] = (byte) c;
        }
        int32(chars);
        length = at;
        return true;
    }

    void decimal(@Nullable BigDecimal value) {
        if (value == null) {
            absent();
        } else if (value.precision() <= MAX_FAST_DIGITS && value.scale() >= 0 && value.scale() <= MAX_FAST_DIGITS) {
            numeric(value.unscaledValue().longValue(), value.scale());
        } else {
            bytes(ByteConverter.numeric(value.scale() < 0 ? value.setScale(0) : value));
        }
    }

    /** Four decimal digits in each unit, the point between two units, no zero units outside. */
    private void numeric(long unscaled, int scale) {
        int unitsAfterPoint = (scale + NUMERIC_BASE_DIGITS - 1) / NUMERIC_BASE_DIGITS;
        long rest = Math.abs(unscaled) * POWERS[unitsAfterPoint * NUMERIC_BASE_DIGITS - scale];
        int weight = -unitsAfterPoint;
        while (rest != 0 && rest % NUMERIC_BASE == 0) {
            rest /= NUMERIC_BASE;
            weight++;
        }
        int units = 0;
        for (long left = rest; left != 0; left /= NUMERIC_BASE) {
            units++;
        }
        int size = (4 + units) * Short.BYTES;
        room(Integer.BYTES + size);
        int32(size);
        int16(units);
        int16(units == 0 ? 0 : weight + units - 1);
        int16(unscaled < 0 ? NUMERIC_NEGATIVE : 0);
        int16(scale);
        for (int at = length + units * Short.BYTES, i = 0; i < units; i++, rest /= NUMERIC_BASE) {
            at -= Short.BYTES;
            ByteConverter.int2(buffer, at, (int) (rest % NUMERIC_BASE));
        }
        length += units * Short.BYTES;
    }

    private void absent() {
        room(Integer.BYTES);
        int32(NULL);
    }

    /**
     * Ends the rows; they are in the table now.
     *
     * @throws SQLException if the server refused one of them
     */
    void end() throws SQLException {
        room(Short.BYTES);
        int16(-1);
        flush();
        copy.endCopy();
    }

    /** What was not ended is given up. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer, 0, length);
        length = 0;
    }

    private void room(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    private void raw(byte[] value) {
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
    }

    private void int16(int value) {
        ByteConverter.int2(buffer, length, value);
        length += Short.BYTES;
    }

    private void int32(int value) {
        ByteConverter.int4(buffer, length, value);
        length += Integer.BYTES;
    }

    private void int64(long value) {
        ByteConverter.int8(buffer, length, value);
        length += Long.BYTES;
    }
}
