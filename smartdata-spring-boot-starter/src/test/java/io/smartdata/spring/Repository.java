package io.smartdata.spring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The files that tests read or hold against the code. Tests run in the folder of a host, somewhere below the root. */
public final class Repository {
    private Repository() {}

    /** A file or folder, by its path below the root. */
    public static Path file(String path) {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/spring-boot.md"))) {
            root = Objects.requireNonNull(root.getParent(), "no docs above this folder");
        }
        return root.resolve(path);
    }
}
