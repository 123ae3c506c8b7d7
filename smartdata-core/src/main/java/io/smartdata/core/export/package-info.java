/**
 * Takes data out: events and KPI points as CSV, JSON and NDJSON, streaming.
 * CSV cells that a spreadsheet would run as a formula are neutralised; numbers never are.
 */
@NullMarked
package io.smartdata.core.export;

import org.jspecify.annotations.NullMarked;
