package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

/**
 * Who asks, as the host authenticated it.
 *
 * @param name names the principal in the host's terms; appears in audit entries
 * @since 0.1.0
 */
public record Caller(String name) {
    public Caller {
        requireNonNull(name, "name");
        if (name.isBlank()) {
            throw new IllegalArgumentException("A caller has a name");
        }
    }

    /**
     * The caller of this name.
     *
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public static Caller of(String name) {
        return new Caller(name);
    }
}
