package io.smartdata.jdbc;

/** The same facts about batches that are copied in. */
class PostgresBulkTransactionTest extends PostgresTransactionTest {
    @Override
    int events() {
        return 250;
    }
}
