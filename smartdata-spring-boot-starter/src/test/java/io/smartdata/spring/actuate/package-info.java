/**
 * Actuator on a running host.
 * The same facts on each line of Spring Boot.
 */
@NullMarked
package io.smartdata.spring.actuate;

import org.jspecify.annotations.NullMarked;
