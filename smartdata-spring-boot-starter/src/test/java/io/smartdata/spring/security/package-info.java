/**
 * Spring Security in the words of smartdata.
 * The same facts on each line of Spring Boot.
 */
@NullMarked
package io.smartdata.spring.security;

import org.jspecify.annotations.NullMarked;
