/**
 * Answers about who did what: the state and profile of one subject, and over all subjects conversions and paths.
 * Read from raw events of one snapshot, in bounded memory; what is left out is said in the answer.
 */
@NullMarked
package io.smartdata.core.subject;

import org.jspecify.annotations.NullMarked;
