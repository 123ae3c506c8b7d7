package io.smartdata.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does the memory of {@code smartdata ingest} stay small however large the file, and how many events does a CPU second bring
 * in? Run: {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.FileRunner --db URL --file-mb 2048}.
 *
 * <p>The command runs in a JVM of its own, once a mode, in an empty database; its start is part of the figures. If the heap
 * of {@code --heap-mb} does not do, it is doubled. Linux only: the resident size is read from /proc.
 */
public final class FileRunner {
    private static final String DATABASE = "file";
    /** Events a CPU second, client and server together, that the printed ratio is to. */
    private static final double REFERENCE_PER_CPU_SECOND = 1_200;

    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern HEAP_BEFORE_COLLECTION = Pattern.compile(" (\\d+)M->\\d+M\\(\\d+M\\)");

    private final Place place;
    private final Path cli;
    private final Path csv;
    private final long rows;

    private FileRunner(Place place, Path cli, Path csv, long rows) {
        this.place = place;
        this.cli = cli;
        this.csv = csv;
        this.rows = rows;
    }

    /**
     * @param cpuSeconds of the command
     * @param residentMb the most physical memory it had
     * @param heapUsedMb the most it had in its heap before a collection
     */
    private record Child(int exitCode, double cpuSeconds, double residentMb, double heapUsedMb) {}

    public static void main(String[] args) throws SQLException, IOException, InterruptedException {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("--db", "");
        defaults.put("--file-mb", "200");
        defaults.put("--heap-mb", "128");
        defaults.put("--cli", "smartdata-examples/cli/target/smartdata.jar");
        defaults.put("--server-pid", "0");
        Options options = Options.parse(args, defaults);
        Path csv = Files.createTempFile("smartdata-benchmark", ".csv");
        try (Place place = Place.of(options.text("--db"), options.integer("--server-pid"))) {
            long rows = write(csv, options.integer("--file-mb") * 1_000_000L);
            System.out.printf(
                    Locale.ROOT,
                    "%s; a CSV file of %,d events with ids, %d MB%n%n",
                    place.description(),
                    rows,
                    Files.size(csv) / 1_000_000);
            System.out.printf(
                    "%-10s %5s %8s %10s %8s %8s %13s %8s %8s %8s%n",
                    "mode",
                    "-Xmx",
                    "wall s",
                    "events/s",
                    "client s",
                    "server s",
                    "events/CPU s",
                    "/ 1200",
                    "RSS MB",
                    "heap MB");
            FileRunner runner = new FileRunner(place, Path.of(options.text("--cli")), csv, rows);
            for (String mode : List.of("lenient", "validated")) {
                runner.measure(mode, options.integer("--heap-mb"));
            }
        } finally {
            Files.delete(csv);
        }
    }

    private static long write(Path csv, long bytes) throws IOException {
        IngestWorkload workload = new IngestWorkload(1);
        long rows = 0;
        try (BufferedWriter out = Files.newBufferedWriter(csv)) {
            out.write(IngestWorkload.CSV_HEADER);
            for (long written = 0; written < bytes; rows++) {
                String row = workload.csvRow();
                out.write(row);
                written += row.length();
            }
        }
        return rows;
    }

    private void measure(String mode, int heapMb) throws SQLException, IOException, InterruptedException {
        String url = place.create(DATABASE);
        place.settle(DATABASE);
        Place.Reading before = place.read(DATABASE);
        long start = System.nanoTime();
        Child child = run(mode, heapMb, url);
        double seconds = (System.nanoTime() - start) / 1e9;
        double server = place.read(DATABASE).cpuSeconds() - before.cpuSeconds();
        place.drop(DATABASE);
        if (child.exitCode != 0) {
            System.out.printf("%-10s %4dm exit code %d%n", mode, heapMb, child.exitCode);
            if (heapMb < 2048) {
                measure(mode, 2 * heapMb);
            }
            return;
        }
        double perCpuSecond = rows / (child.cpuSeconds + (Double.isNaN(server) ? 0 : server));
        System.out.printf(
                Locale.ROOT,
                "%-10s %4dm %8.1f %,10.0f %8.1f %8.1f %,13.0f %8.1f %8.0f %8.0f%n",
                mode,
                heapMb,
                seconds,
                rows / seconds,
                child.cpuSeconds,
                server,
                perCpuSecond,
                perCpuSecond / REFERENCE_PER_CPU_SECOND,
                child.residentMb,
                child.heapUsedMb);
    }

    private Child run(String mode, int heapMb, String url) throws IOException, InterruptedException {
        Path receipt = Files.createTempFile("smartdata-benchmark", ".json");
        Path collections = Files.createTempFile("smartdata-benchmark", ".gc");
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + heapMb + "m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Xlog:gc:file=" + collections,
                            "-jar",
                            cli.toString(),
                            "ingest",
                            csv.toString(),
                            "--db",
                            url,
                            "--org",
                            "bench",
                            "--source",
                            IngestWorkload.SOURCE,
                            "--mode",
                            mode,
                            "--json")
                    .redirectOutput(receipt.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            double cpuSeconds = 0;
            double residentMb = 0;
            do {
                cpuSeconds = Math.max(cpuSeconds, cpuSeconds(process));
                residentMb = Math.max(residentMb, residentMb(process));
            } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
            if (process.exitValue() == 0) {
                requireAllAccepted(receipt);
            }
            return new Child(process.exitValue(), cpuSeconds, residentMb, heapUsedMb(collections));
        } finally {
            Files.delete(receipt);
            Files.delete(collections);
        }
    }

    private static double cpuSeconds(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** The kernel keeps the peak; it is gone with the process. */
    private static double residentMb(Process process) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!process.isAlive()) {
            return 0;
        }
        Matcher peak = RESIDENT.matcher(Files.readString(status));
        return peak.find() ? Long.parseLong(peak.group(1)) / 1000.0 : 0;
    }

    private static double heapUsedMb(Path collections) throws IOException {
        double most = 0;
        Matcher used = HEAP_BEFORE_COLLECTION.matcher(Files.readString(collections));
        while (used.find()) {
            most = Math.max(most, Long.parseLong(used.group(1)));
        }
        return most;
    }

    private void requireAllAccepted(Path receipt) throws IOException {
        JsonNode json = new ObjectMapper().readTree(receipt.toFile());
        if (json.path("accepted").asLong() != rows) {
            throw new IllegalStateException("Not all of %d events were accepted: %s".formatted(rows, json));
        }
    }
}
