/**
 * A DataSource that fails when it is told to, for tests of what becomes of work that is interrupted.
 * Published with the module's test-jar, for hosts that test their own transactions with it.
 */
@NullMarked
package io.smartdata.jdbc.fault;

import org.jspecify.annotations.NullMarked;
