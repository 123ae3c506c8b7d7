package com.example.webapp;

import java.nio.file.Path;

class SqliteWebappTest extends WebappContract {
    @Override
    String database(Path folder) {
        return "jdbc:sqlite:%s?transaction_mode=IMMEDIATE&busy_timeout=10000&foreign_keys=on"
                .formatted(folder.resolve("data").resolve("webapp.db"));
    }
}
