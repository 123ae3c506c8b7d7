package com.example.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingExampleTest {
    private static final Path README = Path.of("..", "..", "README.md");
    private static final Path SOURCE =
            Path.of("src", "main", "java", "com", "example", "embedding", "EmbeddingExample.java");

    @TempDir
    Path folder;

    @Test
    void itPrintsTheRevenueOfTheDayHoweverOftenItRuns() throws Exception {
        assertThat(run()).isEqualTo("2026-03-02 19.9");
        assertThat(run()).isEqualTo("2026-03-02 19.9");
    }

    @Test
    @DisabledIf(value = "copiedOut", disabledReason = "the README is not beside a copy of this folder")
    void theFirstJavaBlockOfTheReadmeIsThisExample() throws IOException {
        assertThat(between("```java\n", "```", Files.readString(README), "README.md needs a ```java block"))
                .isEqualTo(between(
                        "// example:begin\n",
                        "// example:end",
                        Files.readString(SOURCE),
                        "EmbeddingExample needs its two markers"));
    }

    static boolean copiedOut() {
        return !Files.exists(Path.of("..", "pom.xml"));
    }

    /** A process of its own, because the example's file lies in its working directory. */
    private String run() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(), "-cp", System.getProperty("java.class.path"), EmbeddingExample.class.getName())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code").isZero();
        return printed.strip();
    }

    private static String between(String begin, String end, String text, String absent) {
        Matcher matcher = Pattern.compile(Pattern.quote(begin) + "(.*?)\\s*" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text.replace("\r\n", "\n"));
        assertThat(matcher.find()).as(absent).isTrue();
        return matcher.group(1).stripIndent().strip();
    }
}
