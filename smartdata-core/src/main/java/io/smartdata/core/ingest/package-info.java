/**
 * From bytes to valid, identified, fingerprinted events, and from there through the store to a receipt.
 * Readers stream and never guess in silence; a bad row is an outcome, a broken file is an exception.
 */
@NullMarked
package io.smartdata.core.ingest;

import org.jspecify.annotations.NullMarked;
