/**
 * The application as clients meet it: a real server, real HTTP, on both databases.
 * Every server of a test has a folder of its own.
 */
@NullMarked
package com.example.webapp;

import org.jspecify.annotations.NullMarked;
