/**
 * The sender's side: events of an application on their way to a smartdata server. They wait in memory, in files or in the host's
 * database, go out in batches, and are sent again until the server has answered for each one.
 */
@NullMarked
package io.smartdata.core.emit;

import org.jspecify.annotations.NullMarked;
