package io.smartdata.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A DataSource without a pool, whose every call that reaches the database passes an {@link Interceptor} first. */
final class InterceptedDataSource implements DataSource {
    private static final Set<String> REACHING = Set.of(
            "commit",
            "rollback",
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeBatch",
            "executeLargeUpdate",
            "executeLargeBatch",
            "setAutoCommit",
            "setReadOnly",
            "setTransactionIsolation",
            "unwrap");

    private static final Interceptor PASS = (connection, call) -> call.run();

    private final String url;
    private volatile Interceptor interceptor = PASS;

    InterceptedDataSource(String url) {
        this.url = url;
    }

    /** Sees a call and decides whether it happens. */
    @FunctionalInterface
    interface Interceptor {
        @Nullable
        Object around(Connection real, Call call) throws Throwable;
    }

    /** A call on its way to the database. */
    record Call(String name, Object target, Method method, Object @Nullable [] arguments) {
        boolean prepared() {
            return target instanceof PreparedStatement;
        }

        @Nullable
        Object run() throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    void intercept(Interceptor newInterceptor) {
        interceptor = newInterceptor;
    }

    void stop() {
        interceptor = PASS;
    }

    /** Work whose calls are not intercepted. */
    void paused(Runnable work) {
        Interceptor resumed = interceptor;
        interceptor = PASS;
        work.run();
        interceptor = resumed;
    }

    /** A connection that is never intercepted. */
    Connection newConnection() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = newConnection();
        return proxy(Connection.class, real, real);
    }

    private <T> T proxy(Class<T> type, T target, Connection real) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Call call = new Call(method.getName(), target, method, arguments);
            Object result = REACHING.contains(method.getName()) ? interceptor.around(real, call) : call.run();
            if (result instanceof PreparedStatement statement) {
                return proxy(PreparedStatement.class, statement, real);
            }
            return result instanceof Statement statement && method.getName().equals("createStatement")
                    ? proxy(Statement.class, statement, real)
                    : result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
