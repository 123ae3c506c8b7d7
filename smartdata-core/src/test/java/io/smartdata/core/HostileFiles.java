package io.smartdata.core;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The hostile set, out of its archives among the test resources. */
public final class HostileFiles {
    private static final Map<String, SortedMap<String, byte[]>> SETS = new ConcurrentHashMap<>();

    private HostileFiles() {}

    /** Every file of a class by its path. */
    public static SortedMap<String, byte[]> of(String set) {
        return SETS.computeIfAbsent(set, HostileFiles::unpacked);
    }

    private static SortedMap<String, byte[]> unpacked(String set) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (InputStream resource = HostileFiles.class.getResourceAsStream("/hostile/" + set + ".zip")) {
            if (resource == null) {
                throw new AssertionError("No hostile set " + set);
            }
            ZipInputStream archive = new ZipInputStream(new ByteArrayInputStream(resource.readAllBytes()));
            for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), archive.readAllBytes());
                }
            }
            return Collections.unmodifiableSortedMap(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One file, named with its class: {@code numbers/tokens.jsonl}. */
    public static byte[] file(String path) {
        int slash = path.indexOf('/');
        byte[] file = of(path.substring(0, slash)).get(path.substring(slash + 1));
        if (file == null) {
            throw new AssertionError("No hostile file " + path);
        }
        return file;
    }

    /** A file beside the archives. */
    public static String text(String name) {
        try (InputStream resource = HostileFiles.class.getResourceAsStream("/hostile/" + name)) {
            if (resource == null) {
                throw new AssertionError("No hostile file " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of a file, without blank ones. */
    public static List<String> lines(String path) {
        return new String(file(path), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
