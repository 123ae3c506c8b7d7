package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastUpdateTest {
    private static final String LONG_NAME = "x".repeat(290);

    private static List<String> names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> LONG_NAME + String.format("%04d", i))
                .toList();
    }

    private static List<String> units(List<String> kpis, Set<String> updatable) {
        ForecastUpdate update = new ForecastUpdate(
                scope -> {
                    throw new AssertionError("No piece is run");
                },
                28,
                kpis,
                updatable);
        List<String> units = new ArrayList<>();
        update.forEachRemaining(piece -> units.add(String.valueOf(piece.unit())));
        return units;
    }

    @Test
    void modelsAreRunManyInAPieceAndLearntOneInAPiece() {
        List<String> kpis = names(1203);
        Set<String> updatable = Set.copyOf(kpis.subList(2, 1203));
        List<String> units = units(kpis, updatable);
        assertThat(units).hasSize(3 + 2).doesNotHaveDuplicates();
        assertThat(units.subList(0, 3)).allSatisfy(unit -> assertThat(unit).hasSizeLessThan(300));
        assertThat(units.subList(3, 5)).containsExactlyElementsOf(kpis.subList(0, 2));
    }

    @Test
    void aUnitNamesExactlyItsKpis() {
        List<String> kpis = names(500);
        List<String> more = names(501);
        assertThat(units(kpis, Set.copyOf(kpis))).isEqualTo(units(kpis, Set.copyOf(more)));
        assertThat(units(more.subList(0, 499), Set.copyOf(more)))
                .doesNotContainAnyElementsOf(units(kpis, Set.copyOf(kpis)));
    }

    @Test
    void anOrgWithoutKpisHasNothingToDo() {
        assertThat(units(List.of(), Set.of("gone"))).isEmpty();
    }
}
