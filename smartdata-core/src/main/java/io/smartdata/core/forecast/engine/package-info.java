/** What a forecasting engine is, and the simplest ones. */
@NullMarked
package io.smartdata.core.forecast.engine;

import org.jspecify.annotations.NullMarked;
