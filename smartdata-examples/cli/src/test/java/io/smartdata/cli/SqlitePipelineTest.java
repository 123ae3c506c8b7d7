package io.smartdata.cli;

import io.smartdata.core.PipelineContract;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.storage.Storage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqlitePipelineTest extends PipelineContract {
    @TempDir
    private Path folder;

    @Override
    protected Storage newStorage() {
        return JdbcStorage.open("jdbc:sqlite:" + folder.resolve("pipeline.db"));
    }
}
