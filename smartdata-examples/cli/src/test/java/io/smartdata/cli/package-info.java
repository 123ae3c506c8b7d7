/**
 * The command as its users run it, and the whole pipeline under real processes.
 * Data come from the demo or are made here from a seed.
 */
@NullMarked
package io.smartdata.cli;

import org.jspecify.annotations.NullMarked;
