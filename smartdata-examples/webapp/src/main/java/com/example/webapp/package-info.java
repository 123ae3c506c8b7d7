/**
 * An application with smartdata inside: two orgs, login, REST.
 * {@code analytics} is all that smartdata needs; {@code login} and {@code web} are what any application with users has.
 */
@NullMarked
package com.example.webapp;

import org.jspecify.annotations.NullMarked;
