package io.smartdata.jdbc.fault;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Calls that only PostgreSQL's driver has: the way from a connection to {@code COPY}. */
final class PostgresCalls {
    private PostgresCalls() {}

    /** {@code result}, intercepted if {@code COPY} is reached through it. */
    static @Nullable Object proxied(
            InterceptedDataSource dataSource, @Nullable Object result, Connection real, InterceptedDataSource.Call call)
            throws SQLException {
        if (result instanceof CopyManager) {
            return new Copies(dataSource, real);
        }
        boolean wanted = call.arguments() != null && call.arguments()[0] == PGConnection.class;
        return wanted && result instanceof PGConnection connection
                ? dataSource.proxy(PGConnection.class, connection, real)
                : result;
    }

    private static final class Copies extends CopyManager {
        private final InterceptedDataSource dataSource;
        private final Connection real;

        Copies(InterceptedDataSource dataSource, Connection real) throws SQLException {
            super(real.unwrap(BaseConnection.class));
            this.dataSource = dataSource;
            this.real = real;
        }

        @Override
        public CopyIn copyIn(String sql) throws SQLException {
            return dataSource.proxy(CopyIn.class, super.copyIn(sql), real);
        }
    }
}
