/**
 * Jobs on schedulers of the host, and what a stop leaves behind. The recipes of docs/recipes/schedulers.md are classes here.
 * The same facts on each line of Spring Boot.
 */
@NullMarked
package io.smartdata.spring.jobs;

import org.jspecify.annotations.NullMarked;
