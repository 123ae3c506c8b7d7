package io.smartdata.spring.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.spring.Repository;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every code that the library throws is one of the API, or it is said here why no request leads to it. */
class ErrorCodesTest {
    private static final String FAILURE = "new\\s+(?:SmartData|InvalidInput)Exception";
    private static final Pattern THROWN = Pattern.compile(FAILURE + "\\(\\s*\"([a-z_]+)\"");
    private static final Pattern THROWN_BY_NAME = Pattern.compile(FAILURE + "\\(\\s*[^\"\\s]");
    private static final Pattern OF_A_CLASS = Pattern.compile("super\\(\\s*\"([a-z_]+)\",");

    /** Answered as internal_error if they ever were; the log has them. */
    private static final Map<String, String> OF_THE_SERVER = Map.ofEntries(
            Map.entry("damaged_cell", "stored figures are damaged"),
            Map.entry("detector_state_mismatch", "of code that calls a detector itself"),
            Map.entry("driver_missing", "at the start"),
            Map.entry("effect_taken", "within jobs"),
            Map.entry("fenced_off", "within jobs"),
            Map.entry("invalid_jdbc_url", "at the start"),
            Map.entry("invalid_settings", "at the start"),
            Map.entry("job_failed", "within jobs"),
            Map.entry("kpis_differ", "within jobs"),
            Map.entry("nested_write", "of code that ingests within a progress listener"),
            Map.entry("no_host_transaction", "of code that ingests in its own transaction"),
            Map.entry("rights_missing", "at the start"),
            Map.entry("schema_mismatch", "at the start"),
            Map.entry("store_failure", "the database refuses what it should not"),
            Map.entry("unrepeatable_input", "uploads can be read again"),
            Map.entry("unsupported_database", "at the start"),
            Map.entry("yaml_missing", "of definitions in files"));

    /** Where a code is passed on, and which ones those can be. */
    private static final Map<String, List<String>> PASSED_ON = Map.of(
            "CsvRows", List.of("duplicate_field", "missing_id", "missing_name", "missing_time"),
            "Definitions", List.of(), // of files, at the start
            "Doctor", List.of(), // at the start
            "DocumentKind", List.of(), // of files, at the start
            "JsonRows", List.of("too_many_properties", "event_too_large", "duplicate_field", "invalid_encoding"),
            "Sources", List.of("invalid_name"));

    private static final Set<String> OF_THE_API =
            Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(Collectors.toSet());

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("smartdata-api", "smartdata-core", "smartdata-jdbc")) {
            try (Stream<Path> files = Files.walk(Repository.file(module + "/src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static Set<String> thrown() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            THROWN.matcher(source).results().forEach(match -> codes.add(match.group(1)));
            if (file.toString().endsWith("Exception.java")) {
                OF_A_CLASS.matcher(source).results().forEach(match -> codes.add(match.group(1)));
            }
        }
        return codes;
    }

    @Test
    void everyCodeIsOneOfTheApiOrNoRequestLeadsToIt() throws IOException {
        Set<String> others = thrown();
        assertThat(others).contains("unknown_kpi", "store_unavailable", "invalid_gzip", "throttled");
        others.removeAll(OF_THE_API);
        assertThat(others).containsExactlyInAnyOrderElementsOf(OF_THE_SERVER.keySet());
    }

    @Test
    void codesThatArePassedOnAreOfTheApiToo() throws IOException {
        Set<String> files = new TreeSet<>();
        for (Path file : sources()) {
            if (THROWN_BY_NAME.matcher(Files.readString(file)).find()) {
                files.add(file.getFileName().toString().replace(".java", ""));
            }
        }
        assertThat(files).containsExactlyInAnyOrderElementsOf(PASSED_ON.keySet());
        assertThat(OF_THE_API)
                .containsAll(PASSED_ON.values().stream().flatMap(List::stream).toList());
    }

    @Test
    void aCodeThatTheApiDoesNotHaveLeavesTheServerAsAnInternalError() {
        Refusal refusal = Refusal.of(new SmartDataException("damaged_cell", "secret of the table"));
        assertThat(refusal.status()).isEqualTo(500);
        assertThat(refusal.code()).isEqualTo("internal_error");
        assertThat(refusal.detail()).doesNotContain("secret");
    }

    @Test
    void aFailureThatPassesIsToldAsOneOfTheStore() {
        Refusal refusal = Refusal.of(
                new RetryLaterException("new_trouble", "secret of the table", Duration.ofMillis(1), null) {
                    private static final long serialVersionUID = 1L;
                });
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.code()).isEqualTo("store_unavailable");
        assertThat(refusal.detail()).doesNotContain("secret");
        assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
    }
}
