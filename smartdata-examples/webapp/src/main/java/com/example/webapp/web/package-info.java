/**
 * The filter chains, the headers and the hosts that are answered.
 * Deny by default: what no line here permits is refused.
 */
@NullMarked
package com.example.webapp.web;

import org.jspecify.annotations.NullMarked;
