/**
 * What every part of smartdata shares: the one root of its errors.
 * Each concept has a package of its own below this one.
 */
@NullMarked
package io.smartdata;

import org.jspecify.annotations.NullMarked;
