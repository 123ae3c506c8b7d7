package io.smartdata.jdbc;

import io.smartdata.tenancy.OrgSettings;

/**
 * An org as its row tells it.
 *
 * @param no the number under which the event table knows the org
 * @param readAt the database's clock when the row was read, in microseconds
 * @param declaredSources true if it takes events of declared sources only
 * @param tombstones true if some of its keys must not be stored again
 */
record OrgRow(OrgSettings settings, int no, long readAt, boolean declaredSources, boolean tombstones) {}
