/** Facts about looking at stored events. */
@NullMarked
package io.smartdata.core.event;

import org.jspecify.annotations.NullMarked;
