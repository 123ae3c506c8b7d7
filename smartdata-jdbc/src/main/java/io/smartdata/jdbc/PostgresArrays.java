package io.smartdata.jdbc;

import io.smartdata.event.Event;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds one array parameter after the other. */
final class PostgresArrays {
    private final Connection connection;
    private final List<EventRow> rows;
    private final PreparedStatement statement;
    private int next;

    PostgresArrays(Connection connection, List<EventRow> rows, int first, PreparedStatement statement) {
        this.connection = connection;
        this.rows = rows;
        this.next = first;
        this.statement = statement;
    }

    /** Day, source and id. */
    void key() throws SQLException {
        add("int4", EventRow::day);
        add("int4", EventRow::sourceId);
        add("bytea", row -> row.id().key());
    }

    void event(String type, Function<Event, @Nullable Object> column) throws SQLException {
        add(type, row -> column.apply(row.candidate().event()));
    }

    void add(String type, Function<EventRow, @Nullable Object> column) throws SQLException {
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        Array array = connection.createArrayOf(type, type.equals("bytea") ? bytes(values) : values);
        statement.setArray(next++, array);
    }

    private static byte[][] bytes(Object[] values) {
        byte[][] bytes = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte[]) values[i];
        }
        return bytes;
    }
}
