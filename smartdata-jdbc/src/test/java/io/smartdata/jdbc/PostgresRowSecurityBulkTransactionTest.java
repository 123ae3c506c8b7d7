package io.smartdata.jdbc;

/** The same facts as the app role under row-level security, where the server takes no copies. */
class PostgresRowSecurityBulkTransactionTest extends PostgresBulkTransactionTest {
    @Override
    String newUrl() {
        return Databases.newRowSecurityUrl();
    }
}
