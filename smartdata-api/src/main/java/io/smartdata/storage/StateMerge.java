package io.smartdata.storage;

import java.util.List;

/**
 * Merges states of one cell. Pure, commutative and associative.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StateMerge {
    /**
     * The state of all the events behind the given states.
     *
     * @param family family of the cell
     * @param states at least one; not modified
     * @return canonical bytes of the merged state
     */
    byte[] merge(String family, List<byte[]> states);
}
