package io.smartdata.jdbc;

import io.smartdata.tenancy.OrgSettings;

/**
 * An org as its row tells it.
 *
 * @param no the number under which the event table knows the org
 * @param readAt the database's clock when the row was read, in microseconds
 */
record OrgRow(OrgSettings settings, int no, long readAt) {}
