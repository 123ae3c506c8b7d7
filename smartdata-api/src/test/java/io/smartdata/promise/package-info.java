/**
 * Counts how often a promise was tried and how often it was broken.
 * Each module's tests end with one table of all trials of the build so far.
 */
@NullMarked
package io.smartdata.promise;

import org.jspecify.annotations.NullMarked;
