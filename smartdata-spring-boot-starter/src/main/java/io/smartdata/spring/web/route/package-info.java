/**
 * How a request becomes a call and its result an answer, and what a route says of itself: the table of routes is the one
 * source of the routing, of the OpenAPI document and of the tests that go over every route. Not for hosts.
 *
 * @since 0.1.0
 */
@NullMarked
package io.smartdata.spring.web.route;

import org.jspecify.annotations.NullMarked;
