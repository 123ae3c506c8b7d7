package io.smartdata.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that is there when it is whole: until then, and if it fails, whatever was there before stays. */
final class WholeFile {
    private WholeFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content<R> {
        R writeTo(OutputStream out) throws IOException;
    }

    /**
     * What is not a file, like {@code /dev/stdout} or a pipe, is written to as it is.
     *
     * @return what the content answered
     */
    static <R> R write(Path file, Content<R> content) throws IOException {
        return Files.exists(file) && !Files.isRegularFile(file)
                ? straight(file, content)
                : besides(Files.exists(file) ? file.toRealPath() : file, content);
    }

    private static <R> R straight(Path file, Content<R> content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return content.writeTo(out);
        }
    }

    private static <R> R besides(Path file, Content<R> content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            R answer = straight(part, content);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return answer;
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
