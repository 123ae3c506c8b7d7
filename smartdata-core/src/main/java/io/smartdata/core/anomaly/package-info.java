/**
 * Anomaly detectors and the isolation forest they may use.
 * {@link io.smartdata.core.anomaly.Detectors} makes them by name, {@link io.smartdata.core.anomaly.Detection} runs them.
 */
@NullMarked
package io.smartdata.core.anomaly;

import org.jspecify.annotations.NullMarked;
