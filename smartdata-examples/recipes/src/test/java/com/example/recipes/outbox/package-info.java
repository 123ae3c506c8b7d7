/**
 * Events that commit with what they tell of.
 * See docs/recipes/outbox.md.
 */
@NullMarked
package com.example.recipes.outbox;

import org.jspecify.annotations.NullMarked;
