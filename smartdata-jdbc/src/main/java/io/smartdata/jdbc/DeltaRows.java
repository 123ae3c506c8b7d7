package io.smartdata.jdbc;

import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgId;
import java.util.List;
import java.util.UUID;

/**
 * What one transaction adds to the cells of one generation.
 *
 * @param id keeps apart what two transactions add to one cell
 * @param addedAt microseconds by the database's clock
 */
record DeltaRows(OrgId org, long generation, UUID id, long addedAt, List<KpiDelta> deltas) {}
