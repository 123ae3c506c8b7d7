/**
 * Benchmarks: each asks one question, beside a peer or a baseline of the same run.
 * {@code benchmarks/README.md} says how to run them and what was seen.
 */
@NullMarked
package io.smartdata.benchmarks;

import org.jspecify.annotations.NullMarked;
