package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * Proof that a caller may read figures of all orgs. Another type than {@link OrgScope}, so that "all orgs" is never what is
 * left when an org was forgotten.
 *
 * @since 0.1.0
 */
public final class CrossOrgScope {
    private final Caller caller;

    private CrossOrgScope(Caller caller) {
        this.caller = caller;
    }

    /**
     * Asks the policy.
     *
     * @throws SmartDataException {@code not_permitted} if the policy denies {@link Permission#CROSS_ORG} or fails
     */
    public static CrossOrgScope request(AccessPolicy policy, Caller caller) {
        requireNonNull(caller, "caller");
        boolean permitted;
        try {
            permitted = policy.permitsAcrossOrgs(caller);
        } catch (RuntimeException e) {
            throw denied(e);
        }
        if (!permitted) {
            throw denied(null);
        }
        return new CrossOrgScope(caller);
    }

    private static SmartDataException denied(@Nullable RuntimeException cause) {
        return OrgScope.denied(Permission.CROSS_ORG, cause);
    }

    /** Who asked. */
    public Caller caller() {
        return caller;
    }

    @Override
    public String toString() {
        return "CrossOrgScope[caller=%s]".formatted(caller.name());
    }
}
