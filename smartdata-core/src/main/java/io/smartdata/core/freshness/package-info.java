/**
 * How fresh answers are, as values: the lag of compaction, the age of what is derived, the silence of sources.
 * Pure functions of the moments that a store tells; nothing here measures by the node's own clock.
 */
@NullMarked
package io.smartdata.core.freshness;

import org.jspecify.annotations.NullMarked;
