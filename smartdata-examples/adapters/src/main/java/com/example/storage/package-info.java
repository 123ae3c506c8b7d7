/**
 * A storage from outside the house, around any other.
 * It needs smartdata-api and nothing else.
 */
@NullMarked
package com.example.storage;

import org.jspecify.annotations.NullMarked;
