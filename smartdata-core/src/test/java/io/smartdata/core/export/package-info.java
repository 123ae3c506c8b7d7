/**
 * What leaves: rows as they are read, in the form that ingest and spreadsheets take.
 * Tests see the row count of the store and of the writer side by side.
 */
@NullMarked
package io.smartdata.core.export;

import org.jspecify.annotations.NullMarked;
