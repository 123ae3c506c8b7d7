package io.smartdata.spring;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.Map;

/** A database that smartdata does not know. */
final class Unsupported {
    private Unsupported() {}

    static Connection connection() {
        DatabaseMetaData metaData =
                answering(DatabaseMetaData.class, Map.of("getDatabaseProductName", "Other Database"));
        return answering(Connection.class, Map.of("getMetaData", metaData));
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
