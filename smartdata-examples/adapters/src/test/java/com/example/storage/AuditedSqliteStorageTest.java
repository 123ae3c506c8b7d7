package com.example.storage;

import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class AuditedSqliteStorageTest extends AuditedStorageKit {
    @TempDir
    static Path folder;

    @Override
    Storage inner() throws Exception {
        return JdbcStorage.open(
                "jdbc:sqlite:" + Files.createTempDirectory(folder, "store").resolve("test.db"));
    }
}
