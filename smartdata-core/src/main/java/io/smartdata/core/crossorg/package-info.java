/**
 * Reads over all orgs, for the platform's own staff. Each is written down, for the platform and for every org it shows,
 * before it is answered.
 */
@NullMarked
package io.smartdata.core.crossorg;

import org.jspecify.annotations.NullMarked;
