/**
 * What meters and logs promise, as tests that run on every storage.
 */
@NullMarked
package io.smartdata.core.observe;

import org.jspecify.annotations.NullMarked;
