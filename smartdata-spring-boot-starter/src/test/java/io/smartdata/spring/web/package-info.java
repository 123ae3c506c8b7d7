/**
 * The REST API on a running host.
 * The same facts on each line of Spring Boot.
 */
@NullMarked
package io.smartdata.spring.web;

import org.jspecify.annotations.NullMarked;
