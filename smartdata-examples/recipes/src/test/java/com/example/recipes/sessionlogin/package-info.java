/**
 * People who log in with a form and stay logged in by a cookie.
 * See docs/recipes/session-login.md.
 */
@NullMarked
package com.example.recipes.sessionlogin;

import org.jspecify.annotations.NullMarked;
