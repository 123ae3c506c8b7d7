package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one run of a storage's upkeep did.
 *
 * @param partitions names of the partitions it made, in the order it made them
 * @param movedEvents events that went into them from where they were stored before, at least 0
 * @param complete false if something was left for a later run
 * @param message a sentence for the operator: how things stand, and what to do if something was left
 * @since 0.1.0
 */
public record Upkeep(List<String> partitions, long movedEvents, boolean complete, String message) {
    public Upkeep {
        partitions = List.copyOf(partitions);
        requireNonNull(message, "message");
        if (movedEvents < 0) {
            throw new IllegalArgumentException("movedEvents must be at least 0, was " + movedEvents);
        }
    }

    /** There was nothing to do, for a reason. */
    public static Upkeep nothing(String message) {
        return new Upkeep(List.of(), 0, true, message);
    }
}
