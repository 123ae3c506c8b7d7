package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The right of one node to run a job for a while. It ends by itself, by the database's clock; until then nobody else gets it.
 *
 * @param job name of the job, 1 to 200 characters
 * @param owner name of the node, unique among nodes, 1 to 200 characters
 * @param fence grows with every lease of the job; what a node writes under an older one is refused
 * @param until when it ends unless it is renewed
 * @since 0.1.0
 */
public record Lease(String job, String owner, long fence, Instant until) {
    private static final int MAX_LENGTH = 200;

    public Lease {
        requireName(job, "job");
        requireName(owner, "owner");
        requireNonNull(until, "until");
    }

    private static void requireName(String name, String what) {
        requireNonNull(name, what);
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("The %s of a lease has 1 to %d characters, this one has %d"
                    .formatted(what, MAX_LENGTH, name.length()));
        }
    }
}
