/**
 * A host that keeps its own data by JPA, and events with it in one transaction.
 * The same facts on each line of Spring Boot, with the Hibernate it manages.
 */
@NullMarked
package io.smartdata.spring.jpa;

import org.jspecify.annotations.NullMarked;
