/**
 * Tests of jobs: schedules, the real code in virtual time, and threads.
 * The contract of the facade is part of the test kit.
 */
@NullMarked
package io.smartdata.core.jobs;

import org.jspecify.annotations.NullMarked;
