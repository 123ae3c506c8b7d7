/** What forecasts cost and how good they are, beside peers and baselines. */
@NullMarked
package io.smartdata.benchmarks.forecast;

import org.jspecify.annotations.NullMarked;
