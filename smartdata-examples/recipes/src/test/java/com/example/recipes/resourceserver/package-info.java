/**
 * Access tokens of an identity provider that somebody else runs.
 * See docs/recipes/resource-server.md.
 */
@NullMarked
package com.example.recipes.resourceserver;

import org.jspecify.annotations.NullMarked;
