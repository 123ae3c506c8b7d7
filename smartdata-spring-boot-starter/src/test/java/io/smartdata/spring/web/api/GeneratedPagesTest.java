package io.smartdata.spring.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.event.RejectionCode;
import io.smartdata.spring.Repository;
import io.smartdata.spring.web.openapi.OpenApiDocument;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Pages that are made of the code. With {@code -Dsmartdata.rewrite=true} they are written, otherwise held against the code.
 */
class GeneratedPagesTest {
    private static final Pattern REJECTION = Pattern.compile("/\\*\\* (.+?) \\*/\\s+([A-Z_]+)[,;]");

    private final List<Route> routes = Table.routes();

    @Test
    void theOpenApiDocumentIsTheRoutes() throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        String document =
                new ObjectMapper().writer(printer).writeValueAsString(OpenApiDocument.of(routes, "/smartdata")) + "\n";
        requireSame("docs/openapi.json", document);
    }

    @Test
    void thePageOfTheApiIsTheRoutes() throws IOException {
        StringBuilder page = new StringBuilder("""
                # REST API

                Made of the table of routes by a test; [openapi.json](openapi.json) has the same with all schemas, and a running host serves it at
                `GET {base-path}/api/v1/openapi.json`. How to switch the API on, and how callers, orgs and errors work: [Spring Boot](spring-boot.md#rest-api).
                What is refused, and how: [error codes](errors.md).

                Paths lie below `smartdata.web.base-path` (`/smartdata`). Every route about an org takes the parameter `org`. *Needs* is what the
                [access policy](tenancy.md) must grant.

                | request | what | needs | parameters |
                |---|---|---|---|
                """);
        routes.forEach(route -> page.append("| `%s %s` | %s | %s | %s |%n"
                .formatted(route.method(), route.path(), route.summary(), needs(route), parameters(route))));
        requireSame("docs/rest-api.md", page.toString());
    }

    private static String needs(Route route) {
        return switch (route.access()) {
            case ORG ->
                route.permissions().stream().map(it -> "`" + it + "`").sorted().collect(Collectors.joining(" "));
            case CALLER -> "a login";
            case ACROSS_ORGS -> "`CROSS_ORG`";
        };
    }

    private static String parameters(Route route) {
        return route.parameters().stream()
                .filter(parameter -> parameter.in() != Parameter.In.PATH)
                .map(parameter -> route.requires(parameter)
                        ? "**`%s`**".formatted(parameter.name())
                        : "`%s`".formatted(parameter.name()))
                .collect(Collectors.joining(" "));
    }

    @Test
    void thePageOfErrorsHasEveryCode() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Error codes

                Made of the code by a test. Codes are part of the contract; texts are not.

                ## Requests

                Answered as a problem (RFC 9457, `application/problem+json`) with `code`, `detail` and `requestId`.

                | status | code | meaning |
                |---|---|---|
                """);
        Arrays.stream(ErrorCode.values())
                .forEach(error ->
                        page.append("| %d | `%s` | %s |%n".formatted(error.status(), error.code(), error.meaning())));
        page.append("""

                ## Events

                Of single events within an ingest call: in the receipt, with their dead letter.

                | code | meaning |
                |---|---|
                """);
        rejections().forEach((code, meaning) -> page.append("| `%s` | %s |%n".formatted(code.code(), meaning)));
        requireSame("docs/errors.md", page.toString());
    }

    /** As their Javadoc says. */
    private static Map<RejectionCode, String> rejections() throws IOException {
        String source =
                Files.readString(Repository.file("smartdata-api/src/main/java/io/smartdata/event/RejectionCode.java"));
        Map<RejectionCode, String> meanings = new EnumMap<>(RejectionCode.class);
        Matcher matcher = REJECTION.matcher(source);
        while (matcher.find()) {
            meanings.put(RejectionCode.valueOf(matcher.group(2)), matcher.group(1));
        }
        assertThat(meanings).containsOnlyKeys(RejectionCode.values());
        return meanings;
    }

    private static void requireSame(String page, String text) throws IOException {
        Path file = Repository.file(page);
        if (Boolean.getBoolean("smartdata.rewrite")) {
            Files.writeString(file, text);
        }
        assertThat(file).as("made anew with -Dsmartdata.rewrite=true").hasContent(text);
    }
}
