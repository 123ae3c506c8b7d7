/**
 * The command {@code smartdata}: the whole pipeline from a terminal, built on nothing but the public facade.
 * Results go to standard output, progress and messages to standard error.
 */
@NullMarked
package io.smartdata.cli;

import org.jspecify.annotations.NullMarked;
