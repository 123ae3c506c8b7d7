package io.smartdata.core.leak;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.SystemScope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The kit has teeth: it finds the leaks of storages that forget the org. */
class LeakKitTest {
    @Test
    void aLetterOfAnotherOrgThatIsFoundIsALeak() {
        assertThat(leaksOf(DeadLetterStore.class, "find"))
                .anyMatch(leak -> leak.startsWith("DeadLetters.payload(UUID) with LETTER"));
    }

    @Test
    void aReceiptOfAnotherOrgThatIsFoundIsALeak() {
        assertThat(leaksOf(EventStore.class, "receipt"))
                .anyMatch(leak -> leak.startsWith("Corrections.retract(RetractRequest) with RECEIPT"));
    }

    @Test
    void aListOfEverybodysLettersIsALeak() {
        assertThat(leaksOf(DeadLetterStore.class, "list"))
                .anyMatch(leak -> leak.startsWith("DeadLetters.list(DeadLetterQuery), first time"));
    }

    private static List<String> leaksOf(Class<?> store, String method) {
        Storage forgetful = new Forgetful(store, method).storage();
        try (LeakKit kit = new LeakKit(SmartData.builder(), forgetful)) {
            return kit.tryAll(new LeakMatrix());
        }
    }

    /** Answers one question of one store for the org that knows something, whoever asks. */
    private static final class Forgetful {
        private final Storage inner = new InMemoryStorage();
        private final Class<?> store;
        private final String question;
        private @Nullable SystemScope system;

        Forgetful(Class<?> store, String question) {
            this.store = store;
            this.question = question;
        }

        @SuppressWarnings("unchecked") // what open(...) takes
        Storage storage() {
            return proxy(Storage.class, (method, arguments) -> {
                if (method.getName().equals("open")) {
                    return open((Consumer<SystemScope>) arguments[0]);
                }
                Object made = method.invoke(inner, arguments);
                return store.isInstance(made) ? forgetful(made) : made;
            });
        }

        private @Nullable Object open(Consumer<SystemScope> receiver) {
            inner.open(scope -> {
                system = scope;
                receiver.accept(scope);
            });
            return null;
        }

        private Object forgetful(Object made) {
            return proxy(store, (method, arguments) -> {
                Object own = method.invoke(made, arguments);
                return method.getName().equals(question) && isNothing(own) ? foreign(made, method, arguments) : own;
            });
        }

        private static boolean isNothing(@Nullable Object answer) {
            return answer instanceof Optional<?> optional ? optional.isEmpty() : answer instanceof List<?>;
        }

        private @Nullable Object foreign(Object made, Method method, Object[] arguments) throws Exception {
            Object[] changed = arguments.clone();
            changed[0] = requireNonNull(system).org(OrgId.of("canary-org"));
            return method.invoke(made, changed);
        }

        @FunctionalInterface
        private interface Handler {
            @Nullable
            Object handle(Method method, Object[] arguments) throws Exception;
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
}
