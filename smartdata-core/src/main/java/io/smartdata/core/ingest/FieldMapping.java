package io.smartdata.core.ingest;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which column or member is which part of an event; what is none of them is a property. */
final class FieldMapping {
    /** A sender's name of a field; a lower rank wins. */
    record Slot(Field field, int rank) {}

    /** Names cached, so that hostile input cannot fill the memory with names. */
    private static final int MAX_CACHED = 4096;

    /** Names of properties noted for the receipt. */
    private static final int MAX_NOTED = 20;

    private final Map<String, Slot> byFoldedName = new HashMap<>();
    private final Map<String, Optional<Slot>> byName = new HashMap<>();
    private final Map<String, String> used = new LinkedHashMap<>();
    private final Set<Field> usedFields = EnumSet.noneOf(Field.class);
    private final Set<String> properties = new LinkedHashSet<>();
    private final Map<String, String> custom;

    /**
     * @param custom canonical field to the sender's name; its field's aliases are then plain properties
     * @param withId false if ids come from the content, so that an id is a property like any other
     */
    FieldMapping(Map<String, String> custom, boolean withId) {
        this.custom = custom;
        for (Field field : Field.values()) {
            if (!custom.containsKey(field.key())) {
                List<String> aliases = field.aliases();
                for (int rank = 0; rank < aliases.size(); rank++) {
                    byFoldedName.putIfAbsent(aliases.get(rank), new Slot(field, rank));
                }
            }
        }
        custom.forEach((key, name) -> {
            Field field = Field.ofKey(key);
            if (field != null) {
                byFoldedName.put(Field.fold(name.strip()), new Slot(field, 0));
            }
        });
        if (!withId) {
            byFoldedName.values().removeIf(slot -> slot.field() == Field.ID);
        }
    }

    /** The field a name stands for, or null for a property. */
    @Nullable
    Slot slot(String name) {
        Optional<Slot> slot = byName.get(name);
        if (slot == null) {
            slot = Optional.ofNullable(byFoldedName.get(Field.fold(name)));
            if (byName.size() < MAX_CACHED) {
                byName.put(name, slot);
            }
        }
        return slot.orElse(null);
    }

    /** Notes for the receipt that {@code name} was read as {@code field}. */
    void use(String name, Field field) {
        if (usedFields.add(field)) {
            used.put(field.key(), name);
        }
    }

    /** Notes that {@code name} could have been a field but a better name was there. */
    void useAsProperty(String name) {
        if (properties.size() < MAX_NOTED) {
            properties.add(name);
        }
    }

    /** A field whose custom column does not stand in {@code header}, or null. */
    @Nullable
    Field missingCustom(List<String> header) {
        for (Map.Entry<String, String> entry : custom.entrySet()) {
            String wanted = Field.fold(entry.getValue().strip());
            if (header.stream().noneMatch(name -> Field.fold(name).equals(wanted))) {
                return Field.ofKey(entry.getKey());
            }
        }
        return null;
    }

    /** Such as {@code timestamp->occurredAt, amount->value, date->property}, in the order of first use. */
    String describe() {
        StringBuilder out = new StringBuilder();
        used.forEach((key, name) ->
                out.append(out.isEmpty() ? "" : ", ").append(name).append("->").append(key));
        for (String name : properties) {
            out.append(out.isEmpty() ? "" : ", ").append(name).append("->property");
        }
        return out.toString();
    }
}
