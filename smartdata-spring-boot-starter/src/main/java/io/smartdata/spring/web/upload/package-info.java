/**
 * Files on their way in: received whole onto disk first, so that a slow client holds no transaction, then read.
 * Not for hosts.
 *
 * @since 0.1.0
 */
@NullMarked
package io.smartdata.spring.web.upload;

import org.jspecify.annotations.NullMarked;
