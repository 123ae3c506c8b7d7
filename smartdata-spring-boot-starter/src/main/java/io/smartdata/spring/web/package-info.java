/**
 * The REST API of a host on the servlet stack. Off unless the host switches it on and says who may do what.
 * Identity, sessions, CORS and TLS are the host's.
 */
@NullMarked
package io.smartdata.spring.web;

import org.jspecify.annotations.NullMarked;
