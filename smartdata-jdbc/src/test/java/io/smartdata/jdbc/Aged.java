package io.smartdata.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Moves what is stored into the past, since the clock of a database does not wait for tests. */
final class Aged {
    private Aged() {}

    static void by(Duration time, String jdbcUrl) throws SQLException {
        boolean sqlite = jdbcUrl.startsWith("jdbc:sqlite:");
        String prefix = sqlite ? "sd_" : "smartdata.";
        long micros = time.toMillis() * 1000;
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            for (String column : new String[] {
                "kpi_delta added_at",
                "derivation data_fresh_as_of",
                "source last_received_at",
                "source first_received_at"
            }) {
                String[] names = column.split(" ", 2);
                statement.execute(
                        "UPDATE %s%s SET %s = %s - %d".formatted(prefix, names[0], names[1], names[1], micros));
            }
        }
    }
}
