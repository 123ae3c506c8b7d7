/**
 * Tests of storages that somebody else wrote.
 * The contracts come from the test-jar of smartdata-api.
 */
@NullMarked
package com.example.storage;

import org.jspecify.annotations.NullMarked;
