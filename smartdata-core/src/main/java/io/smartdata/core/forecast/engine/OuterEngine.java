package io.smartdata.core.forecast.engine;

import static java.util.Objects.requireNonNull;

import io.smartdata.forecast.FittedModel;
import java.util.List;
import java.util.Optional;

/** An engine around another one, to which it hands the series in another form; its id is the inner one's behind a prefix. */
public abstract class OuterEngine implements Engine {
    private final String prefix;
    private final Inside inside;
    protected final Engine inner;

    /** Where a fitted model has the one of the engine within. */
    protected enum Inside {
        /** It is its only member. */
        MEMBER,
        /** It is the model itself, but for the prefix of its id. */
        ITSELF
    }

    protected OuterEngine(String prefix, Inside inside, Engine inner) {
        this.prefix = requireNonNull(prefix, "prefix");
        this.inside = requireNonNull(inside, "inside");
        this.inner = requireNonNull(inner, "inner");
    }

    @Override
    public final String id() {
        return prefix + inner.id();
    }

    @Override
    public final boolean serves(FittedModel model) {
        return model.id().startsWith(prefix)
                && found(model).filter(inner::serves).isPresent();
    }

    /** @param model one that this engine {@linkplain #serves serves} */
    protected final FittedModel within(FittedModel model) {
        return found(model).orElseThrow();
    }

    private Optional<FittedModel> found(FittedModel model) {
        List<FittedModel> members = model.members();
        return switch (inside) {
            case MEMBER -> members.size() == 1 ? Optional.of(members.get(0)) : Optional.empty();
            case ITSELF -> Optional.of(model.withId(model.id().substring(prefix.length())));
        };
    }
}
