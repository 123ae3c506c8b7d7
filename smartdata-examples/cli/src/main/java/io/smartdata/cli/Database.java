package io.smartdata.cli;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.EventSchemaReader;
import io.smartdata.core.ingest.InFlightLimits;
import io.smartdata.core.kpi.KpiCatalogReader;
import io.smartdata.event.IdentityScope;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.schema.EventSchemas;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command with a database shares. */
final class Database {
    static final Caller CALLER = Caller.of("command line");

    private static final String DEFAULT_URL = "jdbc:sqlite:smartdata.db";

    @Option(
            names = "--db",
            paramLabel = "URL",
            defaultValue = DEFAULT_URL,
            description = "JDBC URL of the database. Default: ${DEFAULT-VALUE}")
    private String url = DEFAULT_URL;

    @Option(names = "--db-user", paramLabel = "USER", description = "User of the database.")
    private @Nullable String user;

    @Option(
            names = "--db-password",
            paramLabel = "PASSWORD",
            arity = "0..1",
            interactive = true,
            defaultValue = "${env:SMARTDATA_DB_PASSWORD}",
            description = "Password of the database; without a value it is asked for. Default: $$SMARTDATA_DB_PASSWORD")
    private @Nullable String password;

    @Option(
            names = "--kpis",
            paramLabel = "FILE",
            description =
                    "KPI definitions (YAML or JSON). They are kept in the database; changing them rebuilds the KPIs.")
    private @Nullable Path catalog;

    @Option(
            names = "--schemas",
            paramLabel = "FILE",
            description =
                    "Event schemas (YAML or JSON) that events are held to when they are ingested or replayed. They are not"
                            + " kept in the database.")
    private @Nullable Path schemas;

    private IdentityScope identityScope = IdentityScope.DAY;

    String url() {
        return url;
    }

    Database withUrl(String newUrl) {
        url = newUrl;
        return this;
    }

    /** Of orgs that the command creates. */
    Database withIdentityScope(IdentityScope newIdentityScope) {
        identityScope = newIdentityScope;
        return this;
    }

    JdbcStorage storage() {
        return JdbcStorage.open(url, user, password);
    }

    /** A connection beside the storage's own. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    /** Only makes the tables, or checks them. */
    void migrate(boolean validateOnly) {
        JdbcStorage.SchemaMode mode = validateOnly ? JdbcStorage.SchemaMode.VALIDATE : JdbcStorage.SchemaMode.MIGRATE;
        try (JdbcStorage storage = storage().withSchema(mode)) {
            storage.open(system -> {});
        }
    }

    SmartData open() {
        return open(ZoneOffset.UTC);
    }

    SmartData open(ZoneId orgZone) {
        return open(orgZone, catalog == null ? null : KpiCatalogReader.read(catalog));
    }

    /** A command makes its own calls only, so none is throttled. */
    SmartData open(ZoneId orgZone, @Nullable KpiCatalog kpis) {
        EventSchemas eventSchemas = schemas == null ? EventSchemas.none() : EventSchemaReader.read(schemas);
        SmartData.Builder builder = SmartData.builder()
                .storage(storage())
                .accessPolicy(new CommandLinePolicy())
                .orgZone(orgZone)
                .identityScope(identityScope)
                .schemas(eventSchemas)
                .inFlightLimits(InFlightLimits.none());
        return (kpis == null ? builder : builder.kpis(kpis)).build();
    }

    /** The scope of an operator of the org. */
    static OrgScope operator(SmartData smartData, String org) {
        return smartData
                .access()
                .scope(
                        CALLER,
                        OrgId.of(org),
                        Permission.OPERATE,
                        Permission.INGEST,
                        Permission.VIEW,
                        Permission.EXPORT,
                        Permission.VIEW_SENSITIVE);
    }
}
