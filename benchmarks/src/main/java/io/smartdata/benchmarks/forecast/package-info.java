/** How good forecasts are: scores of any model on folders of recorded series, beside what R and statsmodels reached there. */
@NullMarked
package io.smartdata.benchmarks.forecast;

import org.jspecify.annotations.NullMarked;
