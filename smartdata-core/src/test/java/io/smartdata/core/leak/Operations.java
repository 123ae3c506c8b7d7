package io.smartdata.core.leak;

import io.smartdata.core.SmartData;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every public operation there is: the methods of {@link SmartData} and of every room it leads to. A method that leads to a
 * room is no operation of its own; the room's are.
 */
final class Operations {
    private Operations() {}

    /** As {@code Kpis.series(KpiQuery)}. */
    static Set<String> all() {
        Set<Class<?>> rooms = new LinkedHashSet<>();
        Set<String> operations = new TreeSet<>();
        enter(SmartData.class, rooms, operations);
        return operations;
    }

    private static void enter(Class<?> room, Set<Class<?>> rooms, Set<String> operations) {
        if (!rooms.add(room)) {
            return;
        }
        for (Method method : room.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && !method.isSynthetic()) {
                if (isRoom(method.getReturnType())) {
                    enter(method.getReturnType(), rooms, operations);
                } else {
                    operations.add(name(method));
                }
            }
        }
    }

    /** Values are records; whatever else core answers with can be asked further. */
    private static boolean isRoom(Class<?> type) {
        return type.getName().startsWith("io.smartdata.core.")
                && !type.isRecord()
                && !type.isEnum()
                && !Throwable.class.isAssignableFrom(type);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "." + method.getName() + "(", ")"));
    }
}
