/**
 * Regular time series: what KPI queries give and what detectors and forecasters take.
 */
@NullMarked
package io.smartdata.series;

import org.jspecify.annotations.NullMarked;
