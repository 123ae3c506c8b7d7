package io.smartdata.spring.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code smartdata.web}.
 *
 * @param enabled Whether there is a REST API. It also needs an AccessPolicy bean.
 * @param basePath Path under which all of it lies.
 * @param maxBodies Memory for bodies that are being read at once; a request that finds no room is throttled.
 * @param maxRangeDays Most days of a query.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata.web")
public record SmartDataWebProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/smartdata") String basePath,
        @DefaultValue("64MB") DataSize maxBodies,
        @DefaultValue("400") int maxRangeDays) {
    public SmartDataWebProperties {
        if (!basePath.matches("(/[A-Za-z0-9._~-]+)+")) {
            throw new IllegalArgumentException(
                    "smartdata.web.base-path must begin with / and not end with it, was " + basePath);
        }
        if (maxBodies.toBytes() < 1 || maxRangeDays < 1) {
            throw new IllegalArgumentException(
                    "smartdata.web.max-bodies and smartdata.web.max-range-days must be positive");
        }
    }
}
