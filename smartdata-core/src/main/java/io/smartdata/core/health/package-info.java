/**
 * Whether smartdata does its work: the state of its components, and alert rules that raise and clear with hysteresis.
 * Knows no org by name, and always answers.
 */
@NullMarked
package io.smartdata.core.health;

import org.jspecify.annotations.NullMarked;
