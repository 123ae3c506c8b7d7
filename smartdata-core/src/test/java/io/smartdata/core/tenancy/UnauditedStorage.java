package io.smartdata.core.tenancy;

import io.smartdata.storage.AuditStore;
import io.smartdata.storage.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A storage whose audit log takes nothing. */
final class UnauditedStorage {
    static final String MESSAGE = "The audit log takes nothing";

    private UnauditedStorage() {}

    static Storage of(Storage storage) {
        AuditStore full = proxy(AuditStore.class, (method, arguments) -> {
            throw new IllegalStateException(MESSAGE);
        });
        return proxy(
                Storage.class,
                (method, arguments) -> method.getName().equals("audit") ? full : method.invoke(storage, arguments));
    }

    @FunctionalInterface
    private interface Handler {
        Object handle(java.lang.reflect.Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return handler.handle(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
