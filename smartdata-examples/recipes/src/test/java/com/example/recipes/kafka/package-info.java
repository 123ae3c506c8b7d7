/**
 * Events from Kafka, each counted once however often it is delivered.
 * See docs/recipes/kafka.md.
 */
@NullMarked
package com.example.recipes.kafka;

import org.jspecify.annotations.NullMarked;
