/**
 * Spring Boot auto-configuration: a host with one {@code DataSource} has a {@code SmartData} bean.
 * Every bean gives way to one of the host's own.
 */
@NullMarked
package io.smartdata.spring;

import org.jspecify.annotations.NullMarked;
