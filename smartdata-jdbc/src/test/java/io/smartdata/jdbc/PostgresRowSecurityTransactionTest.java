package io.smartdata.jdbc;

/** The same facts as the app role under row-level security. */
class PostgresRowSecurityTransactionTest extends PostgresTransactionTest {
    @Override
    String newUrl() {
        return Databases.newRowSecurityUrl();
    }
}
