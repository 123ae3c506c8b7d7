package io.smartdata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectCommandTest {
    private static final int SPIKE = 0xffc82d2d;
    private static final int LINE = 0xff333b45;

    @TempDir
    private Path folder = Path.of("");

    private String in = "";

    /** 120 days in a weekly rhythm with one spike and, before it, a gap. */
    @BeforeEach
    void series() throws IOException {
        StringBuilder rows = new StringBuilder("timestamp,value\n");
        IntStream.range(0, 120)
                .filter(i -> i != 80)
                .forEach(i -> rows.append(LocalDate.of(2026, 1, 1).plusDays(i))
                        .append(',')
                        .append(i == 90 ? 500 : 100 + 10 * (i % 7) + i * 37 % 11)
                        .append('\n'));
        in = Files.writeString(folder.resolve("s.csv"), rows).toString();
    }

    @Test
    void simulateShowsTheAlertsAWeekOfEachSensitivity() throws IOException {
        Cli run = Cli.run("detect", "--in", in, "--simulate");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("s.csv: ").contains("alerts/week");
        assertThat(run.out().lines()).hasSize(2 + 7);
    }

    @Test
    void simulateAsJsonCountsTheSpikeAtEverySensitivityOnce() throws IOException {
        Cli run = Cli.run("detect", "--in", folder.toString(), "--simulate", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode simulation =
                new ObjectMapper().readTree(run.out()).path("simulations").path(0);
        assertThat(simulation.path("series").asText()).isEqualTo("s.csv");
        JsonNode rows = simulation.path("sensitivities");
        assertThat(rows).hasSize(7);
        assertThat(rows.path(4).path("threshold").asDouble()).isEqualTo(5);
        assertThat(rows.path(4).path("alerts").asInt()).isEqualTo(1);
    }

    @Test
    void plotDrawsTheBandTheLineAndTheMarks() throws IOException {
        Path picture = folder.resolve("s.png");
        Cli run = Cli.run("detect", "--in", in, "--plot", picture.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(1200);
        assertThat(colours(image)).contains(LINE, SPIKE, 0xffc7dbec);
    }

    @Test
    void withoutAnythingToDoTheCommandSaysWhatIsMissing() {
        for (String[] line :
                new String[][] {{"detect", "--in", in}, {"detect", "--in", folder.toString(), "--plot", "x.png"}}) {
            Cli run = Cli.run(line);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("--plot");
        }
    }

    private static Set<Integer> colours(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .mapToObj(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .collect(Collectors.toSet());
    }
}
