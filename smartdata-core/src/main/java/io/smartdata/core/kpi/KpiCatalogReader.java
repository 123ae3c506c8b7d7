package io.smartdata.core.kpi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.smartdata.SmartDataException;
import io.smartdata.kpi.KpiCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads a catalog from a file: YAML if it is called {@code .yaml} or {@code .yml}, else JSON, in the form of
 * {@link KpiDefinitions#toJson}.
 *
 * @since 0.1.0
 */
public final class KpiCatalogReader {
    /** Thousands of KPIs fit; a mistaken data file does not. */
    private static final long MAX_BYTES = 4 << 20;

    private KpiCatalogReader() {}

    /**
     * Reads a catalog.
     *
     * @throws SmartDataException {@code invalid_catalog} with line or field, {@code catalog_unreadable} if the file cannot
     *     be read or is larger than 4 MiB, {@code yaml_missing} if jackson-dataformat-yaml is not on the class path
     */
    public static KpiCatalog read(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SmartDataException(
                        "catalog_unreadable",
                        "The KPI catalog is larger than %d bytes. Nothing was changed. Name a file of KPI definitions."
                                .formatted(MAX_BYTES));
            }
            JsonNode document = mapper(yaml).readTree(Files.readString(file));
            return KpiDefinitions.fromTree(document);
        } catch (JsonProcessingException e) {
            throw KpiDefinitions.malformed(e);
        } catch (IOException e) {
            throw new SmartDataException(
                    "catalog_unreadable",
                    "The KPI catalog cannot be read. Nothing was changed. Check that the file exists, is readable and is UTF-8.",
                    e);
        }
    }

    private static ObjectMapper mapper(boolean yaml) {
        try {
            return KpiDefinitions.mapper(yaml ? Yaml.factory() : new JsonFactory());
        } catch (NoClassDefFoundError e) {
            throw new SmartDataException(
                    "yaml_missing",
                    "Reading YAML needs jackson-dataformat-yaml, which is not on the class path. Nothing was changed. Add it, or write the catalog as JSON.",
                    e);
        }
    }

    /** Apart, so that this reader loads without the optional dependency. */
    private static final class Yaml {
        static JsonFactory factory() {
            return new YAMLFactory();
        }
    }
}
