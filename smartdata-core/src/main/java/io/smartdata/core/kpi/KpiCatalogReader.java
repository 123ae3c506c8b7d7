package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.core.definition.Definitions;
import io.smartdata.kpi.KpiCatalog;
import java.nio.file.Path;

/**
 * Reads a catalog from a file: YAML if it is called {@code .yaml} or {@code .yml}, else JSON, in the form of
 * {@link KpiDefinitions#toJson}.
 *
 * @since 0.1.0
 */
public final class KpiCatalogReader {
    private KpiCatalogReader() {}

    /**
     * Reads a catalog.
     *
     * @throws SmartDataException {@code invalid_catalog} with line or field, {@code catalog_unreadable} if the file cannot
     *     be read or is larger than 4 MiB, {@code yaml_missing} if jackson-dataformat-yaml is not on the class path
     */
    public static KpiCatalog read(Path file) {
        return KpiDefinitions.from(Definitions.read(file, KpiDefinitions.CATALOG_KIND));
    }

    /**
     * As {@link #read(Path)}, from anywhere, for example from within a jar.
     *
     * @param fileName tells YAML from JSON
     * @param document opens it; is closed afterwards
     */
    public static KpiCatalog read(String fileName, Definitions.Opener document) {
        return KpiDefinitions.from(Definitions.read(fileName, document, KpiDefinitions.CATALOG_KIND));
    }
}
