package io.smartdata.core.kpi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/** The canonical bytes of states: one way to write each value. */
final class Wire {
    private Wire() {}

    /** Decimals that compare equal have one form. */
    static BigDecimal canonical(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** Grows as needed. */
    static final class Writer {
        private byte[] bytes = new byte[64];
        private int size;

        void write(int octet) {
            reserve(1);
            bytes[size++] = (byte) octet;
        }

        /** Base 128, least significant group first. */
        void writeVarint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
        }

        /** Small magnitudes stay short. */
        void writeSigned(long value) {
            writeVarint((value << 1) ^ (value >> 63));
        }

        void writeLong(long value) {
            reserve(8);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes[size++] = (byte) (value >>> shift);
            }
        }

        void writeDecimal(BigDecimal value) {
            BigDecimal canonical = canonical(value);
            byte[] unscaled = canonical.unscaledValue().toByteArray();
            writeSigned(canonical.scale());
            writeVarint(unscaled.length);
            reserve(unscaled.length);
            System.arraycopy(unscaled, 0, bytes, size, unscaled.length);
            size += unscaled.length;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, size);
        }

        private void reserve(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
            }
        }
    }

    /** Reads what {@link Writer} wrote; {@link DamagedStateException} for anything else. */
    static final class Reader {
        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int read() {
            need(1);
            return bytes[position++] & 0xff;
        }

        long readVarint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int octet = read();
                value |= (octet & 0x7fL) << shift;
                if (octet < 0x80) {
                    return value;
                }
            }
            throw damaged();
        }

        /** A length or size that must fit the bytes left at {@code unit} bytes or more each. */
        int readSize(int unit) {
            long size = readVarint();
            if (size < 0 || size > (bytes.length - position) / unit) {
                throw damaged();
            }
            return (int) size;
        }

        long readSigned() {
            long value = readVarint();
            return (value >>> 1) ^ -(value & 1);
        }

        long readLong() {
            need(8);
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = (value << 8) | (bytes[position++] & 0xff);
            }
            return value;
        }

        BigDecimal readDecimal() {
            long scale = readSigned();
            int length = readSize(1);
            if (length == 0 || scale != (int) scale) {
                throw damaged();
            }
            BigInteger unscaled = new BigInteger(bytes, position, length);
            position += length;
            return new BigDecimal(unscaled, (int) scale);
        }

        void end() {
            if (position != bytes.length) {
                throw damaged();
            }
        }

        private void need(int count) {
            if (bytes.length - position < count) {
                throw damaged();
            }
        }

        private static DamagedStateException damaged() {
            return new DamagedStateException("A stored KPI cell cannot be read.");
        }
    }
}
