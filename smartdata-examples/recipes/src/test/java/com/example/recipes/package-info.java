/**
 * The recipes at work, and their pages.
 * What a page quotes stands in the sources that are tested here.
 */
@NullMarked
package com.example.recipes;

import org.jspecify.annotations.NullMarked;
