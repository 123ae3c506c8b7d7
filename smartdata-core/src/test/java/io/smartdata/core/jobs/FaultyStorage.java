package io.smartdata.core.jobs;

import io.smartdata.storage.Storage;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one node sees a store that others use too: now and then a call fails, before it did anything or after its commit. */
final class FaultyStorage {
    private final Supplier<Fault> faults;
    private final BiConsumer<String, Object> committed;

    /** What becomes of a call. */
    enum Fault {
        NONE,
        BEFORE,
        AFTER
    }

    private FaultyStorage(Supplier<Fault> faults, BiConsumer<String, Object> committed) {
        this.faults = faults;
        this.committed = committed;
    }

    /**
     * @param faults asked at every call
     * @param committed told the name and the result of every call that did what it should, also when the caller is not
     */
    static Storage of(Storage storage, Supplier<Fault> faults, BiConsumer<String, Object> committed) {
        FaultyStorage faulty = new FaultyStorage(faults, committed);
        return (Storage) proxy(Storage.class, (self, method, arguments) -> {
            Object answer = invoke(storage, method, arguments);
            return method.getParameterCount() == 0 && method.getReturnType().isInterface()
                    ? faulty.room(method.getReturnType(), answer)
                    : answer;
        });
    }

    private Object room(Class<?> type, Object store) {
        return proxy(type, (self, method, arguments) -> {
            Fault fault = faults.get();
            if (fault == Fault.BEFORE) {
                throw new StoreUnavailableException("The simulated database is away.", Duration.ZERO, null);
            }
            Object answer = invoke(store, method, arguments);
            committed.accept(method.getName(), answer);
            if (fault == Fault.AFTER) {
                throw new UnknownOutcomeException(null);
            }
            return answer;
        });
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object invoke(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
