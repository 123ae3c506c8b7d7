package io.smartdata.spring.web;

import io.smartdata.spring.web.api.ApiSettings;
import io.smartdata.spring.web.upload.UploadSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code smartdata.web}.
 *
 * @param enabled Whether there is a REST API. It also needs an AccessPolicy bean.
 * @param basePath Path under which all of it lies.
 * @param maxBodies Memory for bodies that are being read at once, a quarter of it or one batch for one org; a request that finds no room is throttled.
 * @param bodyTimeout Time a body may take to be received; uploads have their own.
 * @param maxRangeDays Most days of a query.
 * @param maxUpload Most bytes of an upload, as they are sent.
 * @param uploadsAtOnce Uploads that are received or ingested at once; one org has at most half of them. Each takes up to max-upload of disk.
 * @param uploadTimeout Time an upload may take to be received.
 * @param uploadFolder Folder that uploads are kept in while they are read; unless set, the one for temporary files.
 * @param compat Whether batches are also taken and answered as the learning platform before smartdata did.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata.web")
public record SmartDataWebProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/smartdata") String basePath,
        @DefaultValue("64MB") DataSize maxBodies,
        @DefaultValue("1m") Duration bodyTimeout,
        @DefaultValue("400") int maxRangeDays,
        @DefaultValue("1GB") DataSize maxUpload,
        @DefaultValue("4") int uploadsAtOnce,
        @DefaultValue("1h") Duration uploadTimeout,
        @Nullable Path uploadFolder,
        @DefaultValue("false") boolean compat) {
    public SmartDataWebProperties {
        if (!basePath.matches("(/(?![.]{1,2}(/|$))[A-Za-z0-9._~-]+)+")) {
            throw new IllegalArgumentException(
                    "smartdata.web.base-path must begin with / and not end with it, and have letters, digits or . _ ~ - between, was "
                            + basePath);
        }
        if (maxBodies.toBytes() < 1 || bodyTimeout.isNegative() || bodyTimeout.isZero() || maxRangeDays < 1) {
            throw new IllegalArgumentException(
                    "smartdata.web.max-bodies, smartdata.web.body-timeout and smartdata.web.max-range-days must be positive");
        }
        if (maxUpload.toBytes() < 1 || uploadsAtOnce < 1 || uploadTimeout.isNegative() || uploadTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "smartdata.web.max-upload, smartdata.web.uploads-at-once and smartdata.web.upload-timeout must be positive");
        }
    }

    ApiSettings api() {
        Path folder = uploadFolder == null ? Path.of(System.getProperty("java.io.tmpdir")) : uploadFolder;
        return new ApiSettings(
                basePath,
                maxRangeDays,
                compat,
                new UploadSettings(maxUpload.toBytes(), uploadsAtOnce, uploadTimeout, folder));
    }
}
