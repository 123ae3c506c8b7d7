/**
 * Hosts of every shape: with and without Actuator, four kinds of login, and paths that put the API elsewhere.
 * The same outcomes on each line of Spring Boot.
 */
@NullMarked
package io.smartdata.spring.shape;

import org.jspecify.annotations.NullMarked;
