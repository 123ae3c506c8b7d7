/**
 * Replays, stated as facts.
 * The contract runs over every storage; its scenario knows beforehand what must become of each letter.
 */
@NullMarked
package io.smartdata.core.deadletter;

import org.jspecify.annotations.NullMarked;
