package io.smartdata.storage;

/**
 * A place in the order of arrival: how much of which piece was read.
 *
 * @param piece number of the piece, from 1 on; 0 stands before all
 * @param read events of it that lie before this place, at least 0
 * @since 0.1.0
 */
public record ArrivalPosition(long piece, int read) implements Comparable<ArrivalPosition> {
    /** Before every event. */
    public static final ArrivalPosition START = new ArrivalPosition(0, 0);

    public ArrivalPosition {
        if (piece < 0 || read < 0) {
            throw new IllegalArgumentException("A place in the order of arrival is not negative");
        }
    }

    @Override
    public int compareTo(ArrivalPosition other) {
        return piece != other.piece ? Long.compare(piece, other.piece) : Integer.compare(read, other.read);
    }
}
