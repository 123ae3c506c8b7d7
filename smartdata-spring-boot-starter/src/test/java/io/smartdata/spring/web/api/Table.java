package io.smartdata.spring.web.api;

import io.smartdata.core.SmartData;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.spring.web.route.Route;
import io.smartdata.spring.web.upload.UploadSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The table of routes, of a host that is never asked. */
final class Table {
    private static final UploadSettings UPLOADS = new UploadSettings(1L << 30, 4, Duration.ofHours(1), Path.of(""));

    private Table() {}

    static List<Route> routes() {
        try {
            Path folder = Files.createTempDirectory("smartdata-routes");
            try (JdbcStorage storage = JdbcStorage.open("jdbc:sqlite:" + folder.resolve("never.db"))) {
                return Api.routes(
                        SmartData.builder().storage(storage).build(),
                        new ApiSettings("/smartdata", 400, true, UPLOADS));
            } finally {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
