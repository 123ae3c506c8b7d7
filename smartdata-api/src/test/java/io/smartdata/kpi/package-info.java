/**
 * Facts about KPI definitions, queries and answers.
 * What they mean for stored events is tested in core.
 */
@NullMarked
package io.smartdata.kpi;

import org.jspecify.annotations.NullMarked;
