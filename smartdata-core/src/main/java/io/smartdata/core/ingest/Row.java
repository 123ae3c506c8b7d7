package io.smartdata.core.ingest;

import io.smartdata.event.Properties;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parts of one event as the sender wrote them, before anything is parsed but the syntax. */
final class Row {
    /** What a part was in its file; decides where it may be used. */
    enum Kind {
        /** A CSV cell: text or number, the field decides. */
        CELL,
        /** A JSON string. */
        TEXT,
        /** A JSON number, with its digits. */
        NUMBER,
        /** A JSON null. */
        NULL,
        /** A JSON boolean, object or array, in canonical form. */
        OTHER
    }

    private static final int FIELDS = Field.values().length;

    final long number;
    final Original original;
    private final @Nullable String[] texts = new @Nullable String[FIELDS];
    private final @Nullable String[] names = new @Nullable String[FIELDS];
    private final Kind[] kinds = new Kind[FIELDS];
    private final int[] ranks = new int[FIELDS];
    private @Nullable TreeMap<String, String> properties;
    private Properties ready = Properties.empty();
    private @Nullable Rejection fault;

    Row(long number, Original original) {
        this.number = number;
        this.original = original;
    }

    /** The first fault found; a row with one is rejected. */
    @Nullable
    Rejection fault() {
        return fault;
    }

    void fail(RejectionCode code, @Nullable String field, String message) {
        if (fault == null) {
            fault = new Rejection(code, field == null ? null : shortened(field), message);
        }
    }

    void fail(Rejection rejection) {
        if (fault == null) {
            fault = rejection;
        }
    }

    /** True if the field is there, be it null. */
    boolean has(Field field) {
        return texts[field.ordinal()] != null;
    }

    /** Text of a field; null if it is absent, null or empty. */
    @Nullable
    String text(Field field) {
        String text = texts[field.ordinal()];
        return text == null || text.isEmpty() || kinds[field.ordinal()] == Kind.NULL ? null : text;
    }

    /** What the field was written as; {@link Kind#CELL} if it is absent. */
    Kind kind(Field field) {
        return texts[field.ordinal()] == null ? Kind.CELL : kinds[field.ordinal()];
    }

    /** The sender's name of a field; ours if it is absent. */
    String name(Field field) {
        String name = names[field.ordinal()];
        return name == null ? field.key() : shortened(name);
    }

    /**
     * Puts a part in its place; of two names of one field the better one stays and the other is a property.
     *
     * @return the name that became a property, or null
     */
    @Nullable
    String put(FieldMapping.Slot slot, String name, Kind kind, String text) {
        int i = slot.field().ordinal();
        String heldName = names[i];
        String heldText = texts[i];
        String demoted = null;
        if (heldName != null && heldText != null) {
            if (ranks[i] == slot.rank()) {
                duplicate(name);
                return null;
            }
            if (ranks[i] < slot.rank()) {
                property(name, json(kind, text));
                return name;
            }
            property(heldName, json(kinds[i], heldText));
            demoted = heldName;
        }
        texts[i] = text;
        names[i] = name;
        kinds[i] = kind;
        ranks[i] = slot.rank();
        return demoted;
    }

    /** Adds a property in canonical JSON. */
    void property(String name, String json) {
        if (properties == null) {
            properties = new TreeMap<>();
        }
        if (properties.put(name, json) != null) {
            duplicate(name);
        }
    }

    void duplicate(String name) {
        fail(
                RejectionCode.DUPLICATE_FIELD,
                name,
                "The event has this field twice, and which one counts cannot be told. Send it once.");
    }

    /** Every name the sender used, fields first. */
    List<String> senderNames() {
        List<String> all = new ArrayList<>();
        for (String name : names) {
            if (name != null) {
                all.add(name);
            }
        }
        if (properties != null) {
            all.addAll(properties.keySet());
        }
        return all;
    }

    /** Sets all properties at once, for rows that are not given them one by one. */
    void properties(Properties all) {
        ready = all;
    }

    Properties properties() {
        if (properties == null) {
            return ready;
        }
        StringBuilder out = new StringBuilder(properties.size() * 24);
        char separator = '{';
        for (Map.Entry<String, String> property : properties.entrySet()) {
            out.append(separator);
            Properties.appendQuoted(out, property.getKey());
            out.append(':').append(property.getValue());
            separator = ',';
        }
        return Properties.ofCanonicalJson(out.append('}').toString());
    }

    private static String json(Kind kind, String text) {
        return kind == Kind.CELL || kind == Kind.TEXT ? quoted(text) : text;
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        Properties.appendQuoted(out, text);
        return out.toString();
    }

    private static String shortened(String name) {
        return Texts.shown(name, 60);
    }
}
