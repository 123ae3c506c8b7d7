/**
 * Events and what became of them: identity, outcome, rejection, receipt, dead letter.
 * An event is immutable; whether it was stored is told by its outcome, never by an exception.
 */
@NullMarked
package io.smartdata.event;

import org.jspecify.annotations.NullMarked;
