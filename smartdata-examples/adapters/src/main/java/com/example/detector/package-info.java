/**
 * A detector from outside the house.
 * It needs smartdata-api and nothing else.
 */
@NullMarked
package com.example.detector;

import org.jspecify.annotations.NullMarked;
