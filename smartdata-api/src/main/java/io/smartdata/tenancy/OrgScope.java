package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proof that a caller may act in one org. Every operation and every store method takes one; there is no way round it.
 *
 * @since 0.1.0
 */
public final class OrgScope {
    private final OrgId org;
    private final Caller caller;
    private final Set<Permission> permissions;
    private final @Nullable Fence fence;

    private OrgScope(OrgId org, Caller caller, Set<Permission> permissions, @Nullable Fence fence) {
        this.org = org;
        this.caller = caller;
        this.permissions = permissions;
        this.fence = fence;
    }

    /**
     * Asks the policy for each permission.
     *
     * @param first the permission wanted
     * @param more further permissions wanted
     * @throws SmartDataException {@code not_permitted} if the policy denies one of them or fails; the message is the same
     *     whether the org exists or not
     */
    public static OrgScope request(
            AccessPolicy policy, Caller caller, OrgId org, Permission first, Permission... more) {
        requireNonNull(caller, "caller");
        requireNonNull(org, "org");
        Set<Permission> wanted = EnumSet.of(first, more);
        for (Permission permission : wanted) {
            ask(policy, caller, org, permission);
        }
        return new OrgScope(org, caller, wanted, null);
    }

    /** A scope for a job of the system itself; see {@link SystemScope}. */
    static OrgScope ofSystem(OrgId org) {
        return new OrgScope(org, Caller.of("system"), EnumSet.complementOf(EnumSet.of(Permission.CROSS_ORG)), null);
    }

    private static void ask(AccessPolicy policy, Caller caller, OrgId org, Permission permission) {
        if (permission == Permission.CROSS_ORG) {
            throw new IllegalArgumentException("CROSS_ORG is not about one org: request a CrossOrgScope");
        }
        boolean permitted;
        try {
            permitted = policy.permits(caller, org, permission);
        } catch (RuntimeException e) {
            throw denied(permission, e);
        }
        if (!permitted) {
            throw denied(permission, null);
        }
    }

    static SmartDataException denied(Permission permission, @Nullable RuntimeException cause) {
        return new SmartDataException(
                "not_permitted",
                "The access policy does not grant %s here. Nothing was read or changed. Ask for the permission."
                        .formatted(permission),
                cause);
    }

    /**
     * Checks that this scope was requested with {@code permission}.
     *
     * @throws SmartDataException {@code not_permitted} if it was not
     */
    public void require(Permission permission) {
        if (!permissions.contains(permission)) {
            throw new SmartDataException(
                    "not_permitted",
                    "This scope was not requested with %s. Nothing was read or changed. Request a scope that has it."
                            .formatted(permission));
        }
    }

    /** True if this scope was requested with {@code permission}; for answers that show less without it. */
    public boolean permits(Permission permission) {
        return permissions.contains(permission);
    }

    /** The same scope for the work of a scheduled job: what is written under it takes effect once. */
    public OrgScope under(Fence newFence) {
        return new OrgScope(org, caller, permissions, requireNonNull(newFence, "fence"));
    }

    /** What a store checks in the transaction of every write; empty unless a scheduled job acts. */
    public Optional<Fence> fence() {
        return Optional.ofNullable(fence);
    }

    /** The one org of this scope. */
    public OrgId org() {
        return org;
    }

    /** Who asked. */
    public Caller caller() {
        return caller;
    }

    @Override
    public String toString() {
        return "OrgScope[org=%s, caller=%s, permissions=%s]".formatted(org, caller.name(), permissions);
    }
}
