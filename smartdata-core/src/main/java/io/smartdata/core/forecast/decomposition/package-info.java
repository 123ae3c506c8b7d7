/** A series taken apart into trend, seasons and remainder. */
@NullMarked
package io.smartdata.core.forecast.decomposition;

import org.jspecify.annotations.NullMarked;
