package io.smartdata.storage;

/**
 * A transaction of the host that smartdata takes part in. Opaque; a storage adapter makes it, for example from a JDBC
 * connection, and accepts only its own.
 *
 * @since 0.1.0
 */
public interface HostTransaction {}
