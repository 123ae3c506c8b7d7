/**
 * Work that is nobody's request: what is done by the clock, once, however many nodes there are.
 * A lease says who does it, the store refuses what is written without one, and every piece is short.
 */
@NullMarked
package io.smartdata.core.jobs;

import org.jspecify.annotations.NullMarked;
