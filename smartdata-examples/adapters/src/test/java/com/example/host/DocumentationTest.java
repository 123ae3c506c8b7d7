package com.example.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {
    private static final Pattern QUOTE = Pattern.compile("```(?:java|xml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everythingThePageQuotesStandsInATestedFile() throws IOException {
        Path root = root();
        List<String> files = sources(root.resolve("smartdata-examples/adapters"));
        List<String> quotes = QUOTE.matcher(Files.readString(root.resolve("docs/adapters.md")))
                .results()
                .map(MatchResult::group)
                .map(block -> folded(block.replaceAll("```\\w*", "")))
                .toList();
        assertThat(quotes)
                .isNotEmpty()
                .allSatisfy(quote -> assertThat(files)
                        .as("a file of the module holds: %s", quote)
                        .anyMatch(file -> file.contains(quote)));
    }

    /** The module is built from two places; the page lies above both. */
    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("docs/adapters.md")))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> sources(Path module) throws IOException {
        try (Stream<Path> paths = Files.walk(module.resolve("src"))) {
            return Stream.concat(paths.filter(Files::isRegularFile), Stream.of(module.resolve("standalone/pom.xml")))
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
