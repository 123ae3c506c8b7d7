package io.smartdata.jdbc;

import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import org.jspecify.annotations.Nullable;

/**
 * For whom a transaction runs.
 *
 * @param org the one org whose rows it may touch, or null
 * @param system true if it serves all orgs
 * @param fence checked before the commit of a write, or null
 */
record Actor(@Nullable OrgId org, boolean system, @Nullable Fence fence) {
    /** Makes tables and looks at them; touches no rows of an org. */
    static final Actor OWNER = new Actor(null, false, null);

    /** Looks at what waits for somebody in any org. */
    static final Actor EVERY_ORG = new Actor(null, true, null);

    static Actor of(OrgScope scope) {
        return new Actor(scope.org(), false, scope.fence().orElse(null));
    }

    /** As {@link #of(OrgScope)} for what may be repeated and so is no effect of a job. */
    static Actor repeating(OrgScope scope) {
        return new Actor(scope.org(), false, null);
    }

    /**
     * @param system proof only
     */
    static Actor of(SystemScope system) {
        return EVERY_ORG;
    }
}
