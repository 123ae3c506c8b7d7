package io.smartdata.spring;

import io.smartdata.jdbc.JdbcStorage;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code smartdata}; the build makes the descriptions that editors show from these.
 *
 * @param enabled Whether smartdata is configured at all.
 * @param schema Whether the tables are created and upgraded when the application starts, or only checked.
 * @param orgZone Zone of the days of orgs that are created from now on.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata")
public record SmartDataProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("migrate") JdbcStorage.SchemaMode schema,
        @DefaultValue("UTC") ZoneId orgZone) {}
