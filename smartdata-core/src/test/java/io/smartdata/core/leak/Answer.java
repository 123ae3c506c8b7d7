package io.smartdata.core.leak;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operation answered, as text: values with all their parts, exceptions with their causes.
 *
 * @param whole nothing is left out: what planted words are looked for in
 * @param comparable without what differs between any two calls: random ids, times of the call, durations, the org's hash key
 *     and the order of lines that follows from it
 */
record Answer(String whole, String comparable) {
    private static final String RANDOM_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

    /** What is called. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object call() throws Exception;
    }

    /**
     * @param start times from then on are times of the call
     */
    static Answer to(Call call, Instant start) {
        Object answered;
        try {
            answered = call.call();
        } catch (Exception e) {
            answered = e;
        }
        return new Answer(
                new Writer(null).write(answered),
                withoutOrder(withoutTimesFrom(start, new Writer(start).write(answered))
                        .replaceAll(RANDOM_ID, "<id>")));
    }

    /** Events of one moment are exported in the order of their keys, which every org hashes with a key of its own. */
    private static String withoutOrder(String text) {
        return text.lines().sorted().collect(Collectors.joining("\n"));
    }

    /** Wherever they stand, also in the text of an export. */
    private static String withoutTimesFrom(Instant start, String text) {
        return TIME.matcher(text)
                .replaceAll(time -> Instant.parse(time.group()).isBefore(start) ? time.group() : "<now>");
    }

    private static final class Writer {
        private final @Nullable Instant start;
        private final Set<Object> within = Collections.newSetFromMap(new IdentityHashMap<>());

        /**
         * @param start null to leave nothing out
         */
        Writer(@Nullable Instant start) {
            this.start = start;
        }

        String write(@Nullable Object value) {
            if (value == null || value instanceof Enum<?> || value instanceof Number || value instanceof CharSequence) {
                return String.valueOf(value);
            }
            if (start != null && value instanceof Duration) {
                return "<duration>";
            }
            if (!within.add(value)) {
                return "<above>";
            }
            try {
                return parts(value);
            } finally {
                within.remove(value);
            }
        }

        private String parts(Object value) {
            if (value instanceof Optional<?> optional) {
                return "Optional(" + optional.map(this::write).orElse("") + ")";
            }
            if (value instanceof Map<?, ?> map) {
                return map.entrySet().stream()
                        .map(entry -> write(entry.getKey()) + "=" + write(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            }
            if (value instanceof Set<?> set) {
                return set.stream().map(this::write).sorted().collect(Collectors.joining(", ", "{", "}"));
            }
            if (value instanceof Iterable<?> list) {
                List<String> parts = new ArrayList<>();
                list.forEach(part -> parts.add(write(part)));
                return parts.toString();
            }
            if (value instanceof byte[] bytes) {
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
            if (value.getClass().isArray()) {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < Array.getLength(value); i++) {
                    parts.add(write(Array.get(value, i)));
                }
                return parts.toString();
            }
            if (value instanceof Throwable failure) {
                return failure(failure);
            }
            if (value instanceof UUID || !value.getClass().getName().startsWith("io.smartdata.")) {
                return value.toString();
            }
            return value.getClass().getSimpleName() + (value.getClass().isRecord() ? components(value) : fields(value));
        }

        /** A cause is for the log; only what kind it is has to be the same. */
        private String failure(Throwable failure) {
            String cause = failure.getCause() == null
                    ? ""
                    : start == null
                            ? write(failure.getCause())
                            : failure.getCause().getClass().getName();
            return "%s(%s)%s caused by %s"
                    .formatted(failure.getClass().getName(), failure.getMessage(), fields(failure), cause);
        }

        private List<String> components(Object value) {
            List<String> parts = new ArrayList<>();
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                try {
                    component.getAccessor().setAccessible(true);
                    parts.add(part(component.getName(), component.getAccessor().invoke(value)));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
            return parts;
        }

        private List<String> fields(Object value) {
            List<String> parts = new ArrayList<>();
            for (Class<?> type = value.getClass();
                    type != null && type.getName().startsWith("io.smartdata.");
                    type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                        try {
                            field.setAccessible(true);
                            parts.add(part(field.getName(), field.get(value)));
                        } catch (ReflectiveOperationException e) {
                            throw new AssertionError(e);
                        }
                    }
                }
            }
            return parts;
        }

        private String part(String name, @Nullable Object value) {
            boolean secret = start != null && name.equals("hashKey");
            return name + "=" + (secret ? "<secret>" : write(value));
        }
    }
}
