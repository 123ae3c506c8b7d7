/**
 * The facade: one {@link io.smartdata.core.SmartData} per application, everything else is reached from it.
 * Engines below this package are pure functions; the facade wires them to a storage.
 */
@NullMarked
package io.smartdata.core;

import org.jspecify.annotations.NullMarked;
