package io.smartdata.jdbc;

class SqliteEventSpoolTest extends EventSpoolFacts {
    SqliteEventSpoolTest() {
        super(Engine.SQLITE);
    }
}
