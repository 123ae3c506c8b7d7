/**
 * The OpenAPI document, made from the table of routes. Not for hosts.
 *
 * @since 0.1.0
 */
@NullMarked
package io.smartdata.spring.web.openapi;

import org.jspecify.annotations.NullMarked;
