/**
 * What operators watch: Micrometer meters with bounded tags.
 * No other package knows Micrometer.
 */
@NullMarked
package io.smartdata.core.observe;

import org.jspecify.annotations.NullMarked;
