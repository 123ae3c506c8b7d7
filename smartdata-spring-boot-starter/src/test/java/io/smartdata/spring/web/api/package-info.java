/**
 * Tests.
 *
 * @since 0.1.0
 */
@NullMarked
package io.smartdata.spring.web.api;

import org.jspecify.annotations.NullMarked;
