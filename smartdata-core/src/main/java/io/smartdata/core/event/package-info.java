/**
 * Shows stored events a page at a time: by their keys, in the order they arrived, and those behind a point of a KPI.
 * A cursor names a place, not a number of events, and serves only the request it came from.
 */
@NullMarked
package io.smartdata.core.event;

import org.jspecify.annotations.NullMarked;
