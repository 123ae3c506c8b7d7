/**
 * The way in: turns a caller into the scope every operation needs.
 * The only place that requests scopes; a test keeps it so.
 */
@NullMarked
package io.smartdata.core.access;

import org.jspecify.annotations.NullMarked;
