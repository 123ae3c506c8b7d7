package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.kpi.Kpi;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KpiStateTest {
    /** What a state sees of an event. */
    private record Seen(@Nullable BigDecimal value, long micros, long id, long hash) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 20, 256, 257, 3_000, 12_000})
    void equalSetsOfEventsGiveEqualBytesInAnyOrderAndPortions(int size) {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            List<Seen> events = randomEvents(random, size);
            byte[] expected = stateOf(events).bytes();
            Collections.shuffle(events, random);
            assertThat(mergedInPortions(events, random).bytes())
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(KpiState.of(expected, "s").bytes()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void storedBytesMergeLikeTheStatesTheyCameFrom() {
        long seed = 11;
        List<Seen> events = randomEvents(new Random(seed), 900);
        List<byte[]> portions = IntStream.range(0, 9)
                .mapToObj(i -> stateOf(events.subList(100 * i, 100 * i + 100)).bytes())
                .toList();
        assertThat(new KpiStates().merge("k:any", portions))
                .as("seed %d", seed)
                .isEqualTo(stateOf(events).bytes());
    }

    static Stream<JsonNode> sums() {
        return GoldenLines.of("sums.jsonl");
    }

    @ParameterizedTest
    @MethodSource("sums")
    void sumsAreExactInAnyOrder(JsonNode line) {
        List<BigDecimal> values = new ArrayList<>();
        line.get("values").forEach(value -> values.add(new BigDecimal(value.asText())));
        for (long seed = 1; seed <= 3; seed++) {
            Collections.shuffle(values, new Random(seed));
            KpiState state = KpiState.empty(false, false);
            for (int i = 0; i < values.size(); i++) {
                state.addEvent();
                state.addValue(values.get(i), i, "s", 0, i);
            }
            BigDecimal sum = KpiState.of(state.bytes(), "s").figure(Kpi.sum("x"));
            assertThat(sum)
                    .as("seed %d", seed)
                    .isEqualByComparingTo(new BigDecimal(line.get("exact_sum").asText()));
        }
    }

    @Test
    void decimalsThatCompareEqualGiveEqualBytes() {
        KpiState one = KpiState.empty(false, true);
        KpiState other = KpiState.empty(false, true);
        one.addEvent();
        one.addValue(new BigDecimal("1.00"), 1, "s", 0, 1);
        other.addEvent();
        other.addValue(new BigDecimal("1"), 1, "s", 0, 1);
        assertThat(one.bytes()).isEqualTo(other.bytes());
    }

    @Test
    void latestIsTheGreatestTimeThenSourceThenId() {
        KpiState a = KpiState.empty(false, false);
        a.addEvent();
        a.addValue(BigDecimal.ONE, 5, "a", -1, 0);
        KpiState b = KpiState.empty(false, false);
        b.addEvent();
        b.addValue(BigDecimal.TEN, 5, "b", 1, 0);
        a.merge(b);
        assertThat(a.figure(Kpi.latest("x"))).isEqualTo(BigDecimal.TEN);
        a.addEvent();
        a.addValue(BigDecimal.valueOf(2), 5, "b", -1, 0);
        assertThat(a.figure(Kpi.latest("x"))).as("ids are unsigned").isEqualTo(BigDecimal.valueOf(2));
    }

    @Test
    void distinctIsExactUpToItsSizeAndCloseAfter() {
        SipHash hash = new SipHash(1, 2);
        Kpi kpi = Kpi.distinct("x");
        KpiState state = KpiState.empty(true, false);
        for (int i = 1; i <= 200_000; i++) {
            state.addEvent();
            state.addDistinct(hash.hash("learner " + i));
            state.addDistinct(hash.hash("learner " + (i / 2 + 1)));
            if (i == DistinctSketch.K) {
                assertThat(state.figure(kpi)).isEqualTo(BigDecimal.valueOf(DistinctSketch.K));
                assertThat(state.exact(kpi)).isTrue();
            }
        }
        assertThat(state.exact(kpi)).isFalse();
        // Three standard errors of 1 / sqrt(K - 2).
        assertThat(state.figure(kpi)).isBetween(BigDecimal.valueOf(190_600), BigDecimal.valueOf(209_400));
    }

    @Test
    void distinctKeepsTheSmallestHashes() {
        long seed = 5;
        Random random = new Random(seed);
        DistinctSketch sketch = new DistinctSketch();
        TreeSet<Long> all = new TreeSet<>(Long::compareUnsigned);
        for (int i = 0; i < 30_000; i++) {
            long hash = random.nextLong();
            sketch.add(hash);
            all.add(hash);
        }
        Wire.Writer expected = new Wire.Writer();
        expected.writeVarint(DistinctSketch.K + 1);
        all.stream().limit(DistinctSketch.K).forEach(expected::writeLong);
        Wire.Writer written = new Wire.Writer();
        sketch.write(written);
        assertThat(written.toBytes()).as("seed %d", seed).isEqualTo(expected.toBytes());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 25, 50, 75, 95, 99, 100})
    void percentilesAreExactUpTo256ValuesAndWithinOnePercentAfter(double percent) {
        long seed = 3;
        Random random = new Random(seed);
        List<BigDecimal> values = new ArrayList<>();
        PercentileSketch sketch = new PercentileSketch();
        for (int i = 0; i < 5_000; i++) {
            BigDecimal value = BigDecimal.valueOf(Math.round(Math.exp(random.nextGaussian() * 3) * 100) - 500, 2);
            values.add(value);
            sketch.add(value);
            if (i + 1 == PercentileSketch.EXACT) {
                assertThat(sketch.value(percent)).isEqualTo(ranked(values, percent));
            }
        }
        BigDecimal exact = ranked(values, percent);
        assertThat(sketch.value(percent).doubleValue())
                .as("seed %d, exact %s", seed, exact)
                .isCloseTo(
                        exact.doubleValue(),
                        org.assertj.core.data.Offset.offset(Math.abs(exact.doubleValue()) * 0.01 + 1e-9));
    }

    private static BigDecimal ranked(List<BigDecimal> values, double percent) {
        List<BigDecimal> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.floor(percent / 100 * (sorted.size() - 1)));
    }

    @Test
    void smallCellsAreTiny() {
        KpiState counted = KpiState.empty(false, false);
        counted.addEvent();
        assertThat(counted.bytes()).hasSize(2);
        counted.addValue(new BigDecimal("19.90"), 1_700_000_000_000_000L, "s", 1, 2);
        assertThat(counted.bytes()).hasSizeLessThanOrEqualTo(32);
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = stateOf(randomEvents(new Random(1), 50)).bytes();
        Set<Class<?>> thrown = new HashSet<>();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            try {
                KpiState.of(cut, "s");
            } catch (RuntimeException e) {
                thrown.add(e.getClass());
            }
        }
        assertThat(thrown).containsExactly(DamagedStateException.class);
        assertThatThrownBy(() -> KpiState.of(new byte[] {0x20, 1}, "s")).hasMessageContaining("version 2");
    }

    private static KpiState stateOf(List<Seen> events) {
        KpiState state = KpiState.empty(true, true);
        for (Seen event : events) {
            state.addEvent();
            state.addDistinct(event.hash());
            if (event.value() != null) {
                state.addValue(event.value(), event.micros(), "s", 0, event.id());
            }
        }
        return state;
    }

    private static KpiState mergedInPortions(List<Seen> events, Random random) {
        List<KpiState> states = new ArrayList<>(List.of(KpiState.empty(true, true)));
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(700));
            states.add(random.nextInt(states.size() + 1), stateOf(events.subList(from, to)));
            from = to;
        }
        while (states.size() > 1) {
            KpiState taken = states.remove(random.nextInt(states.size()));
            states.get(random.nextInt(states.size())).merge(taken);
        }
        return states.get(0);
    }

    private static List<Seen> randomEvents(Random random, int size) {
        List<Seen> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            BigDecimal value = random.nextInt(4) == 0
                    ? null
                    : BigDecimal.valueOf(random.nextInt(2_000_001) - 1_000_000, random.nextInt(5));
            events.add(new Seen(value, 1_000 + random.nextInt(50), i, random.nextInt(3) == 0 ? 42 : random.nextLong()));
        }
        return events;
    }
}
