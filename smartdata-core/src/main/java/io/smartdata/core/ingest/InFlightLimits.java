package io.smartdata.core.ingest;

/**
 * How much memory the calls that run at once may take. A call that finds no room is {@code throttled} instead of waiting.
 *
 * @param nodeBytes for all orgs of one {@link io.smartdata.core.SmartData}, in bytes of memory
 * @param orgBytes for one org, so that a busy one leaves room for the others, in bytes of memory
 * @since 0.1.0
 */
public record InFlightLimits(long nodeBytes, long orgBytes) {
    /** The rest is for the host, for queries and for what the driver holds. */
    private static final int PARTS_OF_HEAP = 4;

    /** Four orgs that are all at their limit fill a node. */
    private static final int PARTS_OF_NODE = 4;

    public InFlightLimits {
        if (orgBytes < 1 || nodeBytes < orgBytes) {
            throw new IllegalArgumentException(
                    "orgBytes must be at least 1 and nodeBytes at least orgBytes, were %d and %d"
                            .formatted(orgBytes, nodeBytes));
        }
    }

    /**
     * A quarter of the largest heap for the node, a quarter of that for an org, but never less than one call of the largest
     * size: on a small heap that one call then has the node to itself.
     */
    public static InFlightLimits defaults(IngestSettings settings) {
        return ofHeap(Runtime.getRuntime().maxMemory(), settings);
    }

    /** No limit, for a process that decides itself how many calls it makes at once. */
    public static InFlightLimits none() {
        return new InFlightLimits(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    static InFlightLimits ofHeap(long heapBytes, IngestSettings settings) {
        long node = Math.max(heapBytes / PARTS_OF_HEAP, InFlight.largestCall(settings));
        return new InFlightLimits(node, Math.max(node / PARTS_OF_NODE, InFlight.largestCall(settings)));
    }
}
