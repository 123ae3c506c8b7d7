package io.smartdata.spring;

import io.smartdata.jdbc.JdbcStorage;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code smartdata}.
 *
 * @param enabled false removes everything
 * @param schema {@code migrate} creates and upgrades the tables when the application starts, {@code validate} only checks them
 * @param orgZone zone of the days of orgs that are created from now on
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata")
public record SmartDataProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("migrate") JdbcStorage.SchemaMode schema,
        @DefaultValue("UTC") ZoneId orgZone) {}
