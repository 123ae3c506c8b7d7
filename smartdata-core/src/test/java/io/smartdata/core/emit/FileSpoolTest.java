package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.emit.DurableEventSpoolContract;
import io.smartdata.emit.EventSpool;
import io.smartdata.emit.WaitingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSpoolTest extends DurableEventSpoolContract {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path root;

    @Override
    protected EventSpool newSpool() {
        return reopened();
    }

    @Override
    protected EventSpool reopened() {
        return FileSpool.open(folder(), BYTES);
    }

    private Path folder() {
        return root.resolve("deep/spool");
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void onlyOneEmitterHasAFolder() {
        assertThatThrownBy(this::reopened)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("spool_in_use"));
        spool.close();
        spool = reopened();
    }

    @Test
    void itsFolderIsOpenToItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void itIsFullByTheBytesOfItsFilesAndHasRoomAgainWhenTheyAreGone() throws IOException {
        List<byte[]> kilobytes =
                IntStream.range(0, 2_000).mapToObj(i -> new byte[1_000]).toList();
        int kept = spool.append(kilobytes);
        assertThat(kept).isBetween(900, 1_048);
        assertThat(spool.append(kilobytes.subList(0, 1))).isZero();
        assertThat(files(".events").stream()
                        .mapToLong(file -> file.toFile().length())
                        .sum())
                .isLessThanOrEqualTo(BYTES);
        spool.remove(spool.take(500, Long.MAX_VALUE));
        assertThat(spool.append(kilobytes.subList(0, 300))).isEqualTo(300);
        spool.remove(spool.take(10_000, Long.MAX_VALUE));
        assertThat(spool.append(kilobytes.subList(0, 900))).isEqualTo(900);
    }

    @Test
    void aSpoolThatIsEmptyLeavesNoFilesBehind() throws IOException {
        spool.append(events(0, 10));
        spool.remove(spool.take(10, Long.MAX_VALUE));
        spool.close();
        assertThat(files(".events")).isEmpty();
        assertThat(files(".done")).isEmpty();
    }

    @Test
    void filesThatAreDoneGoWhileOlderOnesWait() throws IOException {
        byte[] big = new byte[40_000];
        for (int i = 0; i < 20; i++) {
            spool.append(List.of(big));
        }
        int before = files(".events").size();
        List<WaitingEvent> all = spool.take(20, Long.MAX_VALUE);
        spool.remove(all.subList(1, 20));
        assertThat(files(".events")).hasSize(2).hasSizeLessThan(before);
        assertThat(spool.size().events()).isEqualTo(1);
    }

    @Test
    void whereverTheLastRecordIsTornTheOnesBeforeItAreWhole() throws IOException {
        spool.append(events(0, 3));
        spool.close();
        Path file = files(".events").get(0);
        byte[] whole = Files.readAllBytes(file);
        int last = event(2).length + 8;
        for (int cut = 1; cut < last; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            spool = reopened();
            assertThat(texts(spool.take(9, Long.MAX_VALUE)))
                    .as("cut by %d", cut)
                    .isEqualTo(texts(events(0, 2).stream()
                            .map(json -> new WaitingEvent("", json))
                            .toList()));
            spool.close();
        }
        assertThat(files(".damaged")).isEmpty();
    }

    @Test
    void roomThatWasNeverWrittenIsNoRecord() throws IOException {
        spool.append(events(0, 2));
        spool.close();
        Path file = files(".events").get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 4_096));
        spool = reopened();
        assertThat(spool.size().events()).isEqualTo(2);
        assertThat(files(".damaged")).isEmpty();
    }

    @Test
    void aDamagedFileIsKeptForPeopleAndTheRestGoesOn() throws IOException {
        spool.append(events(0, 3));
        spool.close();
        Path file = files(".events").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[8 + 8 + event(0).length + 8 + 2] ^= 1;
        Files.write(file, bytes);
        spool = reopened();
        spool.append(events(3, 4));
        assertThat(texts(spool.take(9, Long.MAX_VALUE)))
                .containsExactly(new String(event(0), UTF_8), new String(event(3), UTF_8));
        assertThat(files(".damaged"))
                .singleElement()
                .satisfies(kept -> assertThat(Files.readAllBytes(kept)).isEqualTo(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8})
    void aFileThatWasOnlyJustMadeIsEmpty(int bytes) throws IOException {
        spool.append(events(0, 1));
        spool.close();
        Path file = files(".events").get(0);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
        spool = reopened();
        assertThat(spool.size().events()).isZero();
        assertThat(spool.append(events(1, 2))).isEqualTo(1);
    }

    @Test
    void marksOfRemovedEventsThatWereNeverWrittenRemoveNothing() throws IOException {
        spool.append(events(0, 3));
        spool.remove(spool.take(1, Long.MAX_VALUE));
        spool.close();
        Path marks = files(".done").get(0);
        Files.write(marks, Arrays.copyOf(Files.readAllBytes(marks), 4_096 + 3));
        spool = reopened();
        assertThat(spool.size().events()).isEqualTo(2);
    }

    @Test
    void aClosedSpoolKeepsNothingMore() {
        spool.close();
        assertThatThrownBy(() -> spool.append(events(0, 1)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("spool_closed"));
    }

    @Test
    void moreThanMemoryHoldsAtOnceComesOutInOrderOverManyFiles() throws IOException {
        assertThat(spool.append(events(0, 10_000))).isEqualTo(10_000);
        assertThat(files(".events")).hasSizeGreaterThan(2);
        int next = 0;
        while (next < 10_000) {
            List<WaitingEvent> batch = spool.take(777, Long.MAX_VALUE);
            for (WaitingEvent event : batch) {
                assertThat(event.json()).isEqualTo(event(next++));
            }
            spool.remove(batch);
        }
        assertThat(files(".events")).hasSize(1);
    }
}
