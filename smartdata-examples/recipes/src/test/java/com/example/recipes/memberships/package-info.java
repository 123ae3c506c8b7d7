/**
 * An application that has its tenants in a table already.
 * See docs/recipes/multi-tenant.md.
 */
@NullMarked
package com.example.recipes.memberships;

import org.jspecify.annotations.NullMarked;
