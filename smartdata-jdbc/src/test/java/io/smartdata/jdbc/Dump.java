package io.smartdata.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** All rows of all tables, as lines of text. */
final class Dump {
    /** Ids that are drawn at random, and how often something was tried. */
    private static final Set<String> BY_CHANCE =
            Set.of("receipt_id", "delta_id", "turn", "attempts", "org_no", "data_fresh_as_of");

    /** A call that is repeated has a receipt and a line in the audit each time; where compaction and readers go on does not matter. */
    private static final Set<String> OF_CALLS = Set.of(
            "receipt", "arrival", "arrival_number", "guard", "audit", "lease", "job_run", "job_effect", "job_fence");

    private final Engine engine;
    private final Connection connection;
    private final boolean comparable;
    private final Set<String> ignored;

    private Dump(Engine engine, Connection connection, boolean comparable, Set<String> ignored) {
        this.engine = engine;
        this.connection = connection;
        this.comparable = comparable;
        this.ignored = ignored;
    }

    /** Every value: equal if nothing at all was written. */
    static List<String> exact(Engine engine, Connection connection) throws SQLException {
        return new Dump(engine, connection, false, Set.of()).rows();
    }

    /**
     * Every value that does not depend on chance or on the clock: equal if the same thing was done.
     *
     * @param ignored columns left out besides
     */
    static List<String> comparable(Engine engine, Connection connection, Set<String> ignored) throws SQLException {
        return new Dump(engine, connection, true, ignored).rows();
    }

    /** What only one of them has; empty if they are equal. */
    static List<String> difference(List<String> actual, List<String> expected) {
        List<String> unexpected = new ArrayList<>(actual);
        List<String> missing = new ArrayList<>(expected);
        expected.forEach(unexpected::remove);
        actual.forEach(missing::remove);
        List<String> difference = new ArrayList<>();
        unexpected.forEach(line -> difference.add("unexpected " + line));
        missing.forEach(line -> difference.add("missing " + line));
        return difference;
    }

    private List<String> rows() throws SQLException {
        Map<Object, String> sources = sources();
        List<String> lines = new ArrayList<>();
        for (String table : engine.tables(connection)) {
            String name = table.substring(engine.table("").length());
            if (comparable && OF_CALLS.contains(name)) {
                continue;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
                while (rows.next()) {
                    lines.add(name + " " + line(rows, sources));
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }

    private String line(ResultSet row, Map<Object, String> sources) throws SQLException {
        StringJoiner line = new StringJoiner(" ");
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String column = columns.getColumnName(i);
            Object value = row.getObject(i);
            if (!comparable) {
                line.add(column + "=" + text(value));
            } else if (column.equals("source_id")) {
                line.add("source=" + sources.get(value));
            } else if (!dependsOnTheRun(column)) {
                line.add(column + "=" + text(value));
            }
        }
        return line.toString();
    }

    private boolean dependsOnTheRun(String column) {
        return ignored.contains(column)
                || BY_CHANCE.contains(column)
                || (column.endsWith("_at") && !column.equals("occurred_at"));
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }

    private Map<Object, String> sources() throws SQLException {
        Map<Object, String> names = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT source_id, org_id, name FROM " + engine.table("source"))) {
            while (rows.next()) {
                names.put(rows.getObject(1), rows.getString(2) + "/" + rows.getString(3));
            }
        }
        return names;
    }
}
