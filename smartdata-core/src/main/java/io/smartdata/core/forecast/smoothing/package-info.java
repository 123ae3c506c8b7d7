/** Exponential smoothing. */
@NullMarked
package io.smartdata.core.forecast.smoothing;

import org.jspecify.annotations.NullMarked;
