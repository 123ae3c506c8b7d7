/** The sender's side. */
@NullMarked
package io.smartdata.core.emit;

import org.jspecify.annotations.NullMarked;
