package com.example.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentationTest {
    private static final Pattern QUOTE = Pattern.compile("```(?:java|properties)\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"resource-server", "session-login", "multi-tenant", "outbox", "kafka"})
    void everythingThePageQuotesStandsInATestedFile(String page) throws IOException {
        List<String> quotes = QUOTE.matcher(Files.readString(Path.of("..", "..", "docs", "recipes", page + ".md")))
                .results()
                .map((MatchResult quote) -> folded(quote.group(1)))
                .toList();
        List<String> files = sources();
        assertThat(quotes)
                .isNotEmpty()
                .allSatisfy(quote -> assertThat(files)
                        .as("a file of the module holds: %s", quote)
                        .anyMatch(file -> file.contains(quote)));
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of("src", "main"))) {
            return paths.filter(Files::isRegularFile)
                    .map(DocumentationTest::read)
                    .map(DocumentationTest::folded)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String folded(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
