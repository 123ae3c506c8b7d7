/**
 * How far a forecaster can be trusted, measured on the history it is about to extend.
 * The forecaster tried is the very one that is served.
 */
@NullMarked
package io.smartdata.core.forecast.reliability;

import org.jspecify.annotations.NullMarked;
