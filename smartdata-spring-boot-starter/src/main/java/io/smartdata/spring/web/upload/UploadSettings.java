package io.smartdata.spring.web.upload;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Bounds of uploads.
 *
 * @param maxBytes most bytes of one, as they are sent; at least 1
 * @param atOnce uploads that are received or ingested at once, at least 1; of one org at most half of them, rounded up
 * @param timeout time that receiving one may take
 * @param folder they are kept in while they are read
 * @since 0.1.0
 */
public record UploadSettings(long maxBytes, int atOnce, Duration timeout, Path folder) {
    public UploadSettings {
        requireNonNull(timeout, "timeout");
        requireNonNull(folder, "folder");
        if (maxBytes < 1 || atOnce < 1) {
            throw new IllegalArgumentException("maxBytes and atOnce must be at least 1");
        }
    }

    int ofOneOrg() {
        return (atOnce + 1) / 2;
    }
}
