/**
 * KPIs: how they are defined, asked for and answered, and the cells they are kept in.
 * Every figure is a function of the set of stored events, never of the order they came in.
 */
@NullMarked
package io.smartdata.kpi;

import org.jspecify.annotations.NullMarked;
