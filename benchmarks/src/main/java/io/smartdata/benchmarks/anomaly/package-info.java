/**
 * Quality and cost of the anomaly detectors on labelled series, by the published measures, written from their papers.
 * {@code benchmarks/README.md} says how to run them and what was seen.
 */
@NullMarked
package io.smartdata.benchmarks.anomaly;

import org.jspecify.annotations.NullMarked;
