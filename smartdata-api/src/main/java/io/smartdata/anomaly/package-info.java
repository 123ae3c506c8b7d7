/**
 * Anomalies in a series: the detector SPI, its judgements and their severity.
 * A detector judges each value from that value and earlier ones only, so batch and streaming cannot differ.
 */
@NullMarked
package io.smartdata.anomaly;

import org.jspecify.annotations.NullMarked;
