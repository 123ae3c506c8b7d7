package io.smartdata.spring;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link HostMain} as a process, which can be given little memory and be killed. */
public final class HostProcess implements AutoCloseable {
    private static final int START_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Path log;

    private HostProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param options of Java, {@code -Xmx256m} for example
     */
    public static HostProcess start(Path folder, List<String> options, Class<?> configuration, String... settings)
            throws IOException, InterruptedException {
        Path file = folder.resolve("port");
        Files.deleteIfExists(file);
        Path log = folder.resolve("host.log");
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.addAll(
                List.of("-cp", classPath(), HostMain.class.getName(), folder.toString(), configuration.getName()));
        command.addAll(Arrays.asList(settings));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(file)) {
            if (System.nanoTime() > end || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("The host did not start: " + Files.readString(log));
            }
        }
        return new HostProcess(process, Integer.parseInt(Files.readString(file)), log);
    }

    /** Surefire may have put it into a manifest. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path",
                System.getProperty("java.class.path", "")
                        .replace("" + File.pathSeparatorChar + File.pathSeparatorChar, File.pathSeparator));
    }

    /** The address of a path. */
    public URI uri(String path) {
        return URI.create("http://localhost:%d%s".formatted(port, path));
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** What it wrote. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** As by {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As by {@code kill}. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
