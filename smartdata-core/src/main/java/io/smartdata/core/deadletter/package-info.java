/**
 * What was not accepted, and its way back in: triage, correction, replay.
 * A letter is settled in the transaction of its event, so replays may be repeated, interrupted and run by many nodes at once.
 */
@NullMarked
package io.smartdata.core.deadletter;

import org.jspecify.annotations.NullMarked;
