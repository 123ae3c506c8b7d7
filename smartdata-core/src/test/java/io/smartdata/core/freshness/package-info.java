/**
 * What freshness promises, as tests that run on every storage.
 */
@NullMarked
package io.smartdata.core.freshness;

import org.jspecify.annotations.NullMarked;
