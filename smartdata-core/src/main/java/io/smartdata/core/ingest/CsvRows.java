package io.smartdata.core.ingest;

import io.smartdata.event.Properties;
import io.smartdata.event.RejectionCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of CSV: the header says what the cells are; an empty cell is absent. */
final class CsvRows implements Rows {
    private final CharSource source;
    private final CsvRecords records;
    private final FieldMapping mapping;
    private final Limits limits;
    private final List<String> header;
    private final FieldMapping.@Nullable Slot[] slots;
    /** Columns that are properties, in the order of their names. */
    private final int[] propertyColumns;
    /** Their names as they stand in JSON, with the colon. */
    private final String[] propertyNames;

    private final StringBuilder json = new StringBuilder();

    private CsvRows(CharSource source, CsvRecords records, List<String> header, FieldMapping mapping, Limits limits) {
        this.source = source;
        this.records = records;
        this.header = header;
        this.mapping = mapping;
        this.limits = limits;
        this.slots = new FieldMapping.@Nullable Slot[header.size()];
        resolve();
        this.propertyColumns = IntStream.range(0, slots.length)
                .filter(i -> slots[i] == null)
                .boxed()
                .sorted(Comparator.comparing(header::get))
                .mapToInt(Integer::intValue)
                .toArray();
        this.propertyNames = IntStream.of(propertyColumns)
                .mapToObj(i -> Row.quoted(header.get(i)) + ":")
                .toArray(String[]::new);
    }

    /** Rows behind the header that the source starts with. */
    static CsvRows open(CharSource source, char delimiter, ReadOptions options, FieldMapping mapping)
            throws IOException {
        CsvRecords records = new CsvRecords(source, delimiter);
        if (!records.next()) {
            throw new InvalidInputException(
                    "empty_input", 0, null, "The input is empty. Nothing was read. Send at least a header.", null);
        }
        if (records.cut()) {
            throw invalid(
                    "invalid_csv",
                    null,
                    "The header is longer than %d characters. Nothing was read. Is it CSV?"
                            .formatted(CharSource.MAX_KEPT));
        }
        List<String> header = new ArrayList<>();
        for (String name : records.cells()) {
            header.add(name.strip());
        }
        check(header);
        CsvRows rows = new CsvRows(source, records, header, mapping, options.limits());
        rows.requireColumns(options);
        return rows;
    }

    /** Rows of a payload that once stood under {@code header}. */
    static CsvRows under(List<String> header, CharSource source, char delimiter, FieldMapping mapping, Limits limits) {
        return new CsvRows(source, new CsvRecords(source, delimiter), header, mapping, limits);
    }

    List<String> header() {
        return header;
    }

    boolean has(Field field) {
        for (FieldMapping.Slot slot : slots) {
            if (slot != null && slot.field() == field) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (!records.next()) {
            return null;
        }
        String text = records.text();
        Row row = new Row(records.row(), source.original(text));
        if (records.cut() || source.takesMore(text, limits.maxEventBytes())) {
            row.fail(EventValidator.tooLarge(row.original.bytes().length, limits));
        } else if (records.cells().size() != header.size()) {
            row.fail(
                    RejectionCode.INVALID_CSV,
                    null,
                    "The row has %d cells, the header has %d. Quote cells that hold the delimiter."
                            .formatted(records.cells().size(), header.size()));
        } else {
            cells(row);
        }
        return row;
    }

    private void cells(Row row) {
        List<String> cells = records.cells();
        boolean mayHaveFaults = records.mayHaveFaults();
        for (int i = 0; i < slots.length; i++) {
            String text = cells.get(i);
            String fault = mayHaveFaults ? Texts.fault(text) : null;
            if (fault != null) {
                row.fail(RejectionCode.INVALID_ENCODING, header.get(i), fault);
                continue;
            }
            FieldMapping.Slot slot = slots[i];
            if (slot != null && !text.isEmpty()) {
                row.put(slot, header.get(i), Row.Kind.CELL, text);
            }
        }
        if (row.fault() == null) {
            properties(row, cells);
        }
    }

    /** Columns that are no field, straight into canonical JSON: their order and names are the same in every row. */
    private void properties(Row row, List<String> cells) {
        json.setLength(0);
        int count = 0;
        for (int i = 0; i < propertyColumns.length; i++) {
            String text = cells.get(propertyColumns[i]);
            if (!text.isEmpty()) {
                json.append(count++ == 0 ? '{' : ',').append(propertyNames[i]);
                Properties.appendQuoted(json, text);
            }
        }
        if (count > limits.maxProperties()) {
            row.fail(
                    RejectionCode.TOO_MANY_PROPERTIES,
                    null,
                    "The row has more than %d properties. Send fewer columns or raise the limit."
                            .formatted(limits.maxProperties()));
        } else if (count > 0) {
            row.properties(Properties.ofCanonicalJson(json.append('}').toString()));
        }
    }

    private static void check(List<String> header) {
        Set<String> seen = new HashSet<>();
        for (String name : header) {
            if (name.isEmpty()) {
                throw invalid(
                        "invalid_csv",
                        null,
                        "The header has a column without a name. Nothing was read. Name it or remove it.");
            }
            String fault = Texts.fault(name);
            if (fault != null) {
                throw invalid(
                        "invalid_encoding",
                        null,
                        "A name in the header cannot be read. " + fault + " Nothing was read.");
            }
            if (!seen.add(name)) {
                throw twice(name);
            }
        }
    }

    /** Of two columns of one field the better name wins and the other is a property; equal names are refused. */
    private void resolve() {
        int[] holder = new int[Field.values().length];
        for (int i = 0; i < slots.length; i++) {
            FieldMapping.Slot slot = mapping.slot(header.get(i));
            if (slot == null || slot.field() == Field.PROPERTIES) {
                continue;
            }
            int field = slot.field().ordinal();
            int held = holder[field] - 1;
            FieldMapping.Slot heldSlot = held < 0 ? null : slots[held];
            if (heldSlot != null && heldSlot.rank() == slot.rank()) {
                throw twice(header.get(i));
            }
            if (heldSlot == null || slot.rank() < heldSlot.rank()) {
                if (held >= 0) {
                    slots[held] = null;
                    mapping.useAsProperty(header.get(held));
                }
                slots[i] = slot;
                holder[field] = i + 1;
            } else {
                mapping.useAsProperty(header.get(i));
            }
        }
        for (int i = 0; i < slots.length; i++) {
            FieldMapping.Slot slot = slots[i];
            if (slot != null) {
                mapping.use(header.get(i), slot.field());
            }
        }
    }

    private void requireColumns(ReadOptions options) {
        Field missing = mapping.missingCustom(header);
        if (missing != null) {
            throw invalid(
                    "invalid_csv",
                    missing.key(),
                    "The mapping names a column for %s that is not in the header. Nothing was read. Correct the mapping."
                            .formatted(missing.key()));
        }
        if (!has(Field.OCCURRED_AT)) {
            throw required("missing_time", Field.OCCURRED_AT);
        }
        if (!has(Field.NAME) && options.defaultName() == null) {
            throw required("missing_name", Field.NAME);
        }
        if (!has(Field.ID) && options.identity() == Identity.CLIENT) {
            throw required("missing_id", Field.ID);
        }
    }

    private static InvalidInputException required(String code, Field field) {
        return invalid(
                code,
                field.key(),
                "The first line names no column for %s (one of %s). Nothing was read. Add a header, or map a column (ReadOptions.mapping, --map; a name for all: --default-name)."
                        .formatted(field.key(), String.join(", ", field.aliases())));
    }

    private static InvalidInputException twice(String name) {
        return invalid(
                "duplicate_field",
                Texts.shown(name, 60),
                "The header has this name twice, in the same or another case. Nothing was read. Rename one of the columns.");
    }

    private static InvalidInputException invalid(String code, @Nullable String field, String message) {
        return new InvalidInputException(code, 1, field, message, null);
    }
}
