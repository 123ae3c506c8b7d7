package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

/**
 * A KPI definition as the store holds it.
 *
 * @param name name of the KPI
 * @param json the definition
 * @since 0.1.0
 */
public record StoredDefinition(String name, String json) {
    public StoredDefinition {
        requireNonNull(name, "name");
        requireNonNull(json, "json");
    }
}
