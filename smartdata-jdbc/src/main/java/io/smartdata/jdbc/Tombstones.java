package io.smartdata.jdbc;

import io.smartdata.tenancy.OrgId;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Keyed hashes of events that must not be stored again. */
final class Tombstones {
    private static final int MAX_IN_LIST = 500;

    private Tombstones() {}

    /** A bit for each hash that is there. */
    static BitSet find(Handle handle, Dialect dialect, OrgId org, List<byte[]> keyHashes) {
        Set<ByteBuffer> found = new HashSet<>();
        for (int from = 0; from < keyHashes.size(); from += MAX_IN_LIST) {
            handle.createQuery(dialect.tables(
                            "SELECT key_hash FROM #tombstone WHERE org_id = :org AND key_hash IN (<hashes>)"))
                    .bind("org", org.value())
                    .bindList("hashes", keyHashes.subList(from, Math.min(keyHashes.size(), from + MAX_IN_LIST)))
                    .mapTo(byte[].class)
                    .forEach(hash -> found.add(ByteBuffer.wrap(hash)));
        }
        BitSet tombstoned = new BitSet(keyHashes.size());
        for (int i = 0; i < keyHashes.size(); i++) {
            tombstoned.set(i, found.contains(ByteBuffer.wrap(keyHashes.get(i))));
        }
        return tombstoned;
    }

    /** The change of the org's row makes appends that wait for it, and all later ones, look here. */
    static void add(Handle handle, Dialect dialect, OrgId org, List<byte[]> keyHashes) {
        if (keyHashes.isEmpty()) {
            return;
        }
        handle.createUpdate(dialect.tables("UPDATE #org SET tombstones = 1 WHERE org_id = :org"))
                .bind("org", org.value())
                .execute();
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                INSERT INTO #tombstone (org_id, key_hash, erased_at) VALUES (:org, :hash, %s)
                ON CONFLICT (org_id, key_hash) DO NOTHING
                """.formatted(dialect.now())));
        keyHashes.forEach(
                hash -> batch.bind("org", org.value()).bind("hash", hash).add());
        batch.execute();
    }
}
