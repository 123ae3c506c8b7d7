package io.smartdata.event;

/**
 * What happens to an event whose identity is stored already with other content.
 *
 * @since 0.1.0
 */
public enum ConflictPolicy {
    /** The stored event stays, the new one is a conflict: for sources whose events are facts. */
    REJECT,
    /**
     * The new event takes the place of the stored one, and the KPIs of both are counted again: for sources that correct
     * themselves. Last is what arrives last, so such a source must not send an old version late.
     */
    LAST_WINS
}
