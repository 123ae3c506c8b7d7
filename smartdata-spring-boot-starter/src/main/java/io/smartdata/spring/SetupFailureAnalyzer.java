package io.smartdata.spring;

import io.smartdata.SmartDataException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says, when an application does not start because of smartdata, what to change in an application of Spring Boot. */
final class SetupFailureAnalyzer extends AbstractFailureAnalyzer<SmartDataException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SmartDataException cause) {
        return new FailureAnalysis(cause.getMessage(), remedy(cause.code()), cause);
    }

    private static String remedy(String code) {
        return switch (code) {
            case "no_data_source" ->
                "Add spring-boot-starter-jdbc and a driver (org.xerial:sqlite-jdbc or org.postgresql:postgresql) and set spring.datasource.url; or define a bean of type io.smartdata.storage.Storage; or set smartdata.enabled=false.";
            case "several_data_sources", "unknown_data_source" ->
                "Set smartdata.data-source to the name of the DataSource bean to use, or mark one of them @Primary.";
            case "unsupported_database" ->
                "Give smartdata a DataSource of its own on PostgreSQL or SQLite and set smartdata.data-source to its bean name; or define a bean of type io.smartdata.storage.Storage.";
            case "schema_mismatch" ->
                "If the application may change tables, set smartdata.schema=migrate; otherwise migrate before it starts. If the tables are those of a newer version, start that version or a later one.";
            case "store_unavailable" -> "Check spring.datasource.url, user and password, and that the database runs.";
            case "driver_missing" -> "Add org.xerial:sqlite-jdbc or org.postgresql:postgresql to the application.";
            case "invalid_catalog", "catalog_unreadable", "yaml_missing" ->
                "Correct smartdata.kpis.file, smartdata.kpis.declared or the beans of type KpiCatalog.";
            case "invalid_emitter" -> "Correct the settings under smartdata.emitter.";
            case "spool_in_use" ->
                "Give each application a smartdata.emitter.spool-folder of its own, and end the other one first when it is replaced.";
            case "spool_failed" ->
                "Set smartdata.emitter.spool-folder to a folder that the application may write to, on a disk with room.";
            default -> "Correct the settings under smartdata. The code of this failure is " + code + ".";
        };
    }
}
