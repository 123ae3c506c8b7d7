/**
 * Event schemas: what the fields of an event of a name, and of a version of it, must be.
 * Declared by those who receive events, enforced on every way in.
 */
@NullMarked
package io.smartdata.schema;

import org.jspecify.annotations.NullMarked;
