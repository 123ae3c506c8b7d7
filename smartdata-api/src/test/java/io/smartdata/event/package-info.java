/**
 * Tests of events and their identity. Expected keys come from the JDK's own UUID and SHA-256.
 */
@NullMarked
package io.smartdata.event;

import org.jspecify.annotations.NullMarked;
