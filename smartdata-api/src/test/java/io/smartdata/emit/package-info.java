/** What every spool must do, for ours and a stranger's. */
@NullMarked
package io.smartdata.emit;

import org.jspecify.annotations.NullMarked;
