/**
 * Facts about how schemas are declared and found.
 * What they mean for events is tested in core.
 */
@NullMarked
package io.smartdata.schema;

import org.jspecify.annotations.NullMarked;
