package io.smartdata.core.crossorg;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.OrgId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one of several orgs answered: a value or a refusal, for example {@code unknown_kpi}.
 *
 * @param org whose answer it is
 * @param value the answer, or null
 * @param refusal why there is none, or null
 * @since 0.1.0
 */
public record OrgAnswer<T>(
        OrgId org, @Nullable T value, @Nullable SmartDataException refusal) {
    public OrgAnswer {
        requireNonNull(org, "org");
        if ((value == null) == (refusal == null)) {
            throw new IllegalArgumentException("An answer is a value or a refusal");
        }
    }

    /** The answer, if there is one. */
    public Optional<T> answered() {
        return Optional.ofNullable(value);
    }
}
