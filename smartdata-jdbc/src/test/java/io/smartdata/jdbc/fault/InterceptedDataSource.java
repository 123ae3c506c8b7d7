package io.smartdata.jdbc.fault;

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

/**
 * A DataSource without a pool, whose every call that reaches the database passes an {@link Interceptor} first, PostgreSQL's
 * {@code COPY} included.
 *
 * <pre>{@code
 * InterceptedDataSource dataSource = new InterceptedDataSource("jdbc:sqlite:test.db");
 * for (int call = 1; ; call++) {
 *     Fault fault = dataSource.failAt(call, Failure.CUT_AFTER);
 *     ... // work, which fails or not; then look whether all or nothing is stored, and work again
 *     dataSource.stop();
 *     if (!fault.struck()) {
 *         break;
 *     }
 * }
 * }</pre>
 */
public final class InterceptedDataSource implements DataSource {
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
            "unwrap",
            "copyIn",
            "writeToCopy",
            "endCopy",
            "cancelCopy");

    private static final Interceptor PASS = (connection, call) -> call.run();

    private final String url;
    private volatile Interceptor interceptor = PASS;

    /** Of the database of a URL, as {@link DriverManager} knows it. */
    public InterceptedDataSource(String url) {
        this.url = url;
    }

    /** Sees a call and decides whether it happens. */
    @FunctionalInterface
    public interface Interceptor {
        /**
         * Runs the call, or does not.
         *
         * @param real the connection of the driver, which is not intercepted
         */
        @Nullable
        Object around(Connection real, Call call) throws Throwable;
    }

    /** A call on its way to the database. */
    public record Call(String name, Object target, Method method, Object @Nullable [] arguments) {
        /** True if the statement has parameters. */
        public boolean prepared() {
            return target instanceof PreparedStatement;
        }

        /** Lets it happen. */
        public @Nullable Object run() throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** From now on. */
    public void intercept(Interceptor newInterceptor) {
        interceptor = newInterceptor;
    }

    /** Fails once, at the n-th call from now on; the first is 1. */
    public Fault failAt(int call, Failure failure) {
        Fault fault = new Fault(call, failure);
        intercept(fault);
        return fault;
    }

    /** Lets every call pass from now on. */
    public void stop() {
        interceptor = PASS;
    }

    /** Work whose calls are not intercepted. */
    public void paused(Runnable work) {
        Interceptor resumed = interceptor;
        interceptor = PASS;
        work.run();
        interceptor = resumed;
    }

    /** A connection that is never intercepted. */
    public Connection newConnection() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = newConnection();
        return proxy(Connection.class, real, real);
    }

    <T> T proxy(Class<T> type, T target, Connection real) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Call call = new Call(method.getName(), target, method, arguments);
            Object result = REACHING.contains(method.getName()) ? interceptor.around(real, call) : call.run();
            return proxied(call, result, real);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** What a call returns, intercepted if it leads to the database. */
    private @Nullable Object proxied(Call call, @Nullable Object result, Connection real) throws SQLException {
        if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, statement, real);
        }
        return switch (call.name()) {
            case "createStatement" ->
                result instanceof Statement statement ? proxy(Statement.class, statement, real) : result;
            case "unwrap", "getCopyAPI" ->
                result != null && ofPostgres(result) ? PostgresCalls.proxied(this, result, real, call) : result;
            default -> result;
        };
    }

    /** Its driver need not be on the class path. */
    private static boolean ofPostgres(@Nullable Object result) {
        return result != null && result.getClass().getName().startsWith("org.postgresql.");
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
