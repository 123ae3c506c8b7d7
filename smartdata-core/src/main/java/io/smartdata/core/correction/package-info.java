/**
 * Takes events back that should not have been stored, and counts again what they were counted in.
 * One transaction: raw events and figures never disagree, and what is taken back may be sent again, corrected.
 */
@NullMarked
package io.smartdata.core.correction;

import org.jspecify.annotations.NullMarked;
