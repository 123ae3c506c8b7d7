/** Who may do what in which org, seen from outside. A contract: every storage runs it. */
@NullMarked
package io.smartdata.core.tenancy;

import org.jspecify.annotations.NullMarked;
