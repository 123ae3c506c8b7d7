/**
 * Accounts, sessions and tokens: who is calling.
 * Access tokens are signed and short, refresh tokens are kept as hashes and work once.
 */
@NullMarked
package com.example.webapp.login;

import org.jspecify.annotations.NullMarked;
