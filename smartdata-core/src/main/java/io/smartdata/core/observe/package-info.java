/**
 * What operators watch: Micrometer meters with bounded tags, observations, and log events with fixed names.
 * No other package knows Micrometer, and none writes a log event of its own.
 */
@NullMarked
package io.smartdata.core.observe;

import org.jspecify.annotations.NullMarked;
