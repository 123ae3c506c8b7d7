/**
 * A host of ten lines.
 * The README quotes it; a test keeps both equal.
 */
@NullMarked
package com.example.embedding;

import org.jspecify.annotations.NullMarked;
