package io.smartdata.spring.web.route;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose problem says more than what all problems do.
 *
 * @since 0.1.0
 */
public final class DetailedException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final transient Record members;

    /**
     * A failure of ours, told with more.
     *
     * @param members those that are null are left out
     */
    public DetailedException(SmartDataException failure, Record members) {
        this(failure.code(), String.valueOf(failure.getMessage()), members, failure);
    }

    /**
     * A failure under a code of the API.
     *
     * @param members those that are null are left out
     */
    public DetailedException(ErrorCode code, String detail, Record members, @Nullable Throwable cause) {
        this(code.code(), detail, members, cause);
    }

    private DetailedException(String code, String detail, Record members, @Nullable Throwable cause) {
        super(code, detail, cause);
        this.members = requireNonNull(members, "members");
    }

    Record members() {
        return members;
    }
}
