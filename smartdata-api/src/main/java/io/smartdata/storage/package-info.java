/**
 * The storage SPI in domain terms: one method is one transaction, and every method takes a scope.
 * An adapter is right when it passes the contract tests published in the test-jar of smartdata-api.
 */
@NullMarked
package io.smartdata.storage;

import org.jspecify.annotations.NullMarked;
