/**
 * Facts about KPI mathematics.
 * Random input comes from seeds that failures print.
 */
@NullMarked
package io.smartdata.core.kpi;

import org.jspecify.annotations.NullMarked;
