/**
 * Takes data out: events, KPI points, anomalies and forecasts as CSV and NDJSON, streaming.
 * CSV cells that a spreadsheet would run as a formula are neutralised; numbers never are.
 */
@NullMarked
package io.smartdata.core.export;

import org.jspecify.annotations.NullMarked;
