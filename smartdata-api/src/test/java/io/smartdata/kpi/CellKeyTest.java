package io.smartdata.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellKeyTest {
    @Test
    void keysAreOrderedByCodePoint() {
        List<String> ordered =
                List.of("", "A", "a", "aa", "b", "\u00e9", "\uE000", "\uFFEE", "\uD834\uDD1E", "\uD83D\uDE00");
        List<CellKey> keys = new ArrayList<>(ordered.stream()
                .map(dimension -> new CellKey("f", "2026-03-01", "s", dimension))
                .toList());
        Collections.shuffle(keys, new Random(7));
        Collections.sort(keys);
        assertThat(keys).extracting(CellKey::dimension).containsExactlyElementsOf(ordered);
    }
}
