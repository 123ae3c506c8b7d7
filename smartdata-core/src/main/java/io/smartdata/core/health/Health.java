package io.smartdata.core.health;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.freshness.Freshness;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether smartdata does its work. Names no org and holds nobody's data: fit for a probe that everybody may read.
 *
 * @param components what it is made of, in a fixed order
 * @param freshness of all orgs together; null if the store does not tell
 * @param measuredAt when it was looked at, by the node's clock
 * @since 0.1.0
 */
public record Health(List<Component> components, @Nullable Freshness freshness, Instant measuredAt) {
    /** From good to bad. */
    public enum Status {
        /** Does its work. */
        UP,
        /** Does its work late; nothing is lost and no KPI is wrong. */
        DEGRADED,
        /** Does not do its work. */
        DOWN;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One part.
     *
     * @param name {@code store}, {@code backlog}, {@code lag}, {@code freshness}, {@code jobs}
     * @param status of this part
     * @param code of the error that made it so; null if there was none
     */
    public record Component(
            String name, Status status, @Nullable String code) {
        public Component {
            requireNonNull(name, "name");
            requireNonNull(status, "status");
        }

        /** A part that is well or not, without an error. */
        public static Component of(String name, Status status) {
            return new Component(name, status, null);
        }
    }

    public Health {
        components = List.copyOf(components);
        requireNonNull(measuredAt, "measuredAt");
    }

    /** That of the worst component. */
    public Status status() {
        return components.stream().map(Component::status).reduce(Status.UP, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Every component that is not up, as {@code component:status}, for example {@code lag:degraded}. */
    public List<String> reasons() {
        return components.stream()
                .filter(component -> component.status() != Status.UP)
                .map(component -> component.name() + ":" + component.status().code())
                .toList();
    }
}
