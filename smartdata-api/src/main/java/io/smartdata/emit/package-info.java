/**
 * Where events wait on the sender's side until a server has them.
 * An emitter puts them in, takes batches out and removes what the server has answered for.
 */
@NullMarked
package io.smartdata.emit;

import org.jspecify.annotations.NullMarked;
