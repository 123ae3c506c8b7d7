/**
 * Runs the example of ten lines.
 * Its output and its quotation in the README are checked here.
 */
@NullMarked
package com.example.embedding;

import org.jspecify.annotations.NullMarked;
