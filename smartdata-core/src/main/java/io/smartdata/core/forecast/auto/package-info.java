/** The forecaster that chooses by the data. */
@NullMarked
package io.smartdata.core.forecast.auto;

import org.jspecify.annotations.NullMarked;
