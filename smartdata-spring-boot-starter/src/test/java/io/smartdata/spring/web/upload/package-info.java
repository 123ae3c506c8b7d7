/**
 * Tests.
 *
 * @since 0.1.0
 */
@NullMarked
package io.smartdata.spring.web.upload;

import org.jspecify.annotations.NullMarked;
