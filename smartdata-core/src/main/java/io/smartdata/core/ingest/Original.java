package io.smartdata.core.ingest;

/**
 * What a row was read from. Its bytes are made when they are asked for: most rows are stored and never need them.
 *
 * @since 0.1.0
 */
public interface Original {
    /** The bytes; not to be modified. */
    byte[] bytes();

    /** About how many bytes these are, without making them. */
    int size();

    /**
     * Bytes at hand.
     *
     * @param bytes not copied
     */
    static Original of(byte[] bytes) {
        return new Original() {
            @Override
            public byte[] bytes() {
                return bytes;
            }

            @Override
            public int size() {
                return bytes.length;
            }
        };
    }
}
