/**
 * Who may touch which org: an {@link io.smartdata.tenancy.OrgScope} is the proof, and no operation exists without one.
 * The host knows who the caller is; smartdata asks its {@link io.smartdata.tenancy.AccessPolicy} and denies by default.
 */
@NullMarked
package io.smartdata.tenancy;

import org.jspecify.annotations.NullMarked;
