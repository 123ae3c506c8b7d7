package io.smartdata.jdbc;

class PostgresEventSpoolTest extends EventSpoolFacts {
    PostgresEventSpoolTest() {
        super(Engine.POSTGRES);
    }
}
