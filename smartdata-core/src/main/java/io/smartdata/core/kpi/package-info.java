/**
 * The mathematics of KPIs: events become states of cells, states merge, merged states become figures.
 * Every function here is pure, and every figure depends on the set of events only, never on their order.
 */
@NullMarked
package io.smartdata.core.kpi;

import org.jspecify.annotations.NullMarked;
