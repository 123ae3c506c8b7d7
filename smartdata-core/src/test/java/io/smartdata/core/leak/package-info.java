/**
 * The leak kit: does any operation tell one org about another? For adopters: extend
 * {@link io.smartdata.core.leak.LeakContract} with your storage, and every public operation is tried with every id of a
 * foreign org.
 */
@NullMarked
package io.smartdata.core.leak;

import org.jspecify.annotations.NullMarked;
