package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.Storage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands beside a storage and notes, for every answer about KPIs, which events were there at the moment of the answer: they are
 * read from the snapshot that the answer was read from.
 */
final class Witness {
    private final ThreadLocal<@Nullable Account> last = new ThreadLocal<>();

    /** What a snapshot showed. */
    record Account(ZoneId zone, Set<String> definitions, List<Event> events) {}

    /** The account of this thread's last answer. */
    Account account() {
        return requireNonNull(last.get());
    }

    Storage beside(Storage storage) {
        return proxy(Storage.class, (proxy, method, arguments) -> {
            Object result = invoke(storage, method, arguments);
            return result instanceof KpiStore kpis ? beside(kpis) : result;
        });
    }

    private KpiStore beside(KpiStore kpis) {
        return proxy(KpiStore.class, (proxy, method, arguments) -> {
            if (method.getName().equals("snapshot")) {
                Function<?, ?> work = (Function<?, ?>) arguments[1];
                arguments[1] = witnessed(work);
            }
            return invoke(kpis, method, arguments);
        });
    }

    @SuppressWarnings("unchecked")
    private Function<KpiSnapshot, Object> witnessed(Function<?, ?> work) {
        Function<KpiSnapshot, Object> answer = (Function<KpiSnapshot, Object>) work;
        return snapshot -> {
            Object result = answer.apply(snapshot);
            List<Event> events = new ArrayList<>();
            snapshot.events(EventRange.all(), events::add);
            Set<String> names = snapshot.definitions().stream()
                    .map(definition -> definition.name())
                    .collect(Collectors.toSet());
            last.set(new Account(snapshot.org().zone(), names, events));
            return result;
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
