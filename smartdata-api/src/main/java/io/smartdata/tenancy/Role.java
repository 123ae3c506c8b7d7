package io.smartdata.tenancy;

import static io.smartdata.tenancy.Permission.CROSS_ORG;
import static io.smartdata.tenancy.Permission.EXPORT;
import static io.smartdata.tenancy.Permission.INGEST;
import static io.smartdata.tenancy.Permission.OPERATE;
import static io.smartdata.tenancy.Permission.VIEW;
import static io.smartdata.tenancy.Permission.VIEW_SENSITIVE;
import static io.smartdata.tenancy.Permission.VIEW_SUBJECTS;

import java.util.Set;

/**
 * Permissions that are granted together. A host that has other roles maps them to these or writes its own
 * {@link AccessPolicy}.
 *
 * @since 0.1.0
 */
public enum Role {
    /** Belongs to the org, and sees none of its figures. */
    ORG_MEMBER(),
    /** Looks at figures. */
    ORG_VIEWER(VIEW),
    /** Looks at figures and brings events in. */
    ORG_ADMIN(VIEW, INGEST),
    /** Also takes data out, and sees free text and what concerns one subject. */
    ORG_OWNER(VIEW, INGEST, EXPORT, VIEW_SENSITIVE, VIEW_SUBJECTS),
    /** Keeps an org going. */
    OPERATOR(OPERATE, INGEST, VIEW, EXPORT),
    /** Reads across orgs, and in none of them anything else. */
    PLATFORM_ADMIN(CROSS_ORG);

    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = Set.of(permissions);
    }

    /** What the role grants; not modifiable. */
    public Set<Permission> permissions() {
        return permissions;
    }
}
