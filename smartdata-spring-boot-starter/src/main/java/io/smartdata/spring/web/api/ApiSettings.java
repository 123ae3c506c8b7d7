package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.spring.web.upload.UploadSettings;

/**
 * What of the API a host can choose.
 *
 * @param basePath under which it lies; begins with a slash and does not end with one
 * @param maxRangeDays most days of the range of a query
 * @param compat whether batches are also answered as the learning platform before smartdata did
 * @param uploads bounds of uploads
 * @since 0.1.0
 */
public record ApiSettings(String basePath, int maxRangeDays, boolean compat, UploadSettings uploads) {
    public ApiSettings {
        requireNonNull(basePath, "basePath");
        requireNonNull(uploads, "uploads");
    }
}
