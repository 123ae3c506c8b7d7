/**
 * Tests of detectors that somebody else wrote.
 * The contracts come from the test-jar of smartdata-api.
 */
@NullMarked
package com.example.detector;

import org.jspecify.annotations.NullMarked;
