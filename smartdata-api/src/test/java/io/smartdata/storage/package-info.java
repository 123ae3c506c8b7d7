/**
 * The contract of storage adapters as tests, and the in-memory store for tests.
 * An adapter extends each abstract class here and passes.
 */
@NullMarked
package io.smartdata.storage;

import org.jspecify.annotations.NullMarked;
