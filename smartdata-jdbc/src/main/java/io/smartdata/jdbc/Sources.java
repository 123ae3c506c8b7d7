package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.ConflictPolicy;
import io.smartdata.tenancy.OrgId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Sources and their numbers, under which the event table knows them. A number is never changed and never given twice; it is
 * drawn at random, so that two new sources do not wait for each other's transactions.
 */
final class Sources {
    private static final int MAX_IN_LIST = 500;

    private final Handle handle;
    private final Dialect dialect;
    private final OrgId org;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, ConflictPolicy> conflictPolicies = new HashMap<>();

    Sources(Handle handle, Dialect dialect, OrgId org) {
        this.handle = handle;
        this.dialect = dialect;
        this.org = org;
    }

    /** Numbers of all sources named; those that are new are created. */
    Map<String, Integer> ids(Set<String> names, long receivedAt) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(ids.keySet());
        find(missing);
        missing.removeAll(ids.keySet());
        while (!missing.isEmpty()) {
            create(missing, receivedAt);
            find(missing);
            missing.removeAll(ids.keySet());
        }
        return ids;
    }

    private void find(Collection<String> names) {
        List<String> rest = new ArrayList<>(names);
        for (int from = 0; from < rest.size(); from += MAX_IN_LIST) {
            handle.createQuery(
                            dialect.tables(
                                    "SELECT name, source_id, conflict_policy FROM #source WHERE org_id = :org AND name IN (<names>)"))
                    .bind("org", org.value())
                    .bindList("names", rest.subList(from, Math.min(rest.size(), from + MAX_IN_LIST)))
                    .map((row, context) ->
                            new Known(row.getString(1), row.getInt(2), ConflictPolicy.valueOf(row.getString(3))))
                    .forEach(found -> {
                        ids.put(found.name(), found.id());
                        conflictPolicies.put(found.name(), found.conflictPolicy());
                    });
        }
    }

    private record Known(String name, int id, ConflictPolicy conflictPolicy) {}

    /** What happens to conflicts of a source whose number was asked for. */
    ConflictPolicy conflictPolicy(String name) {
        return requireNonNull(conflictPolicies.get(name));
    }

    /** Those of the sources that were not declared. */
    Set<String> undeclared(Set<String> names) {
        Set<String> undeclared = new TreeSet<>(names);
        List<String> all = new ArrayList<>(names);
        for (int from = 0; from < all.size(); from += MAX_IN_LIST) {
            handle.createQuery(dialect.tables(
                            "SELECT name FROM #source WHERE org_id = :org AND declared = 1 AND name IN (<names>)"))
                    .bind("org", org.value())
                    .bindList("names", all.subList(from, Math.min(all.size(), from + MAX_IN_LIST)))
                    .mapTo(String.class)
                    .forEach(undeclared::remove);
        }
        return undeclared;
    }

    void declare(String name, ConflictPolicy conflictPolicy) {
        int changed = 0;
        while (changed == 0) {
            create(Set.of(name), null);
            changed = handle.createUpdate(dialect.tables("""
                            UPDATE #source SET declared = 1, conflict_policy = :policy WHERE org_id = :org AND name = :name
                            """))
                    .bind("policy", conflictPolicy.name())
                    .bind("org", org.value())
                    .bind("name", name)
                    .execute();
        }
    }

    /** Whoever is there already, under the name or by chance under the number, stays. */
    private void create(Collection<String> names, @Nullable Long receivedAt) {
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                INSERT INTO #source (org_id, name, source_id, first_received_at, last_received_at)
                VALUES (:org, :name, :id, :at, :at)
                ON CONFLICT DO NOTHING
                """));
        names.forEach(name -> batch.bind("org", org.value())
                .bind("name", name)
                .bind("id", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE))
                .bind("at", receivedAt)
                .add());
        batch.execute();
    }

    /**
     * Says that events of these sources were accepted. Rows that concurrent writers share are touched last, in one order, and
     * left to whoever holds them: host transactions of one source must not wait for each other's end.
     */
    void received(Set<String> names, long receivedAt) {
        if (names.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                UPDATE #source SET first_received_at = COALESCE(first_received_at, :at), last_received_at = :at
                WHERE org_id = :org AND name IN (
                    SELECT name FROM #source
                    WHERE org_id = :org AND name = :name AND (last_received_at IS NULL OR last_received_at < :at)%s)
                """.formatted(dialect.forUpdateSkipLocked())));
        new TreeSet<>(names)
                .forEach(name -> batch.bind("org", org.value())
                        .bind("name", name)
                        .bind("at", receivedAt)
                        .add());
        batch.execute();
    }

    /** Names by number. */
    static Map<Integer, String> names(Handle handle, Dialect dialect, OrgId org) {
        Map<Integer, String> names = new HashMap<>();
        handle.createQuery(dialect.tables("SELECT source_id, name FROM #source WHERE org_id = :org"))
                .bind("org", org.value())
                .map((row, context) -> Map.entry(row.getInt(1), requireNonNull(row.getString(2))))
                .forEach(source -> names.put(source.getKey(), source.getValue()));
        return names;
    }
}
