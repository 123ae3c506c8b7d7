package io.smartdata.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Empty databases of one PostgreSQL that lives as long as the test JVM. */
public final class Postgres {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    private Postgres() {}

    /** The URL of a database of its own, user included. */
    public static synchronized String newDatabase() throws IOException, SQLException {
        if (server == null) {
            server = EmbeddedPostgres.builder().start();
        }
        String name = "host_" + NEXT.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return server.getJdbcUrl("postgres", name);
    }
}
