package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.promise.Trials;
import org.junit.jupiter.api.Test;

/** A slot takes effect once, whatever happens to nodes and store. {@code -Psoak} runs 10 000 histories. */
class JobSimulationTest {
    private static final int HISTORIES = Trials.rounds(300, Integer.getInteger("smartdata.simulations", 10_000));

    @Test
    void aSlotTakesEffectOnceWhateverHappensToNodesAndStore() {
        long first = Trials.seed();
        JobSimulation.Result all = new JobSimulation.Result();
        for (long seed = first; seed < first + HISTORIES; seed++) {
            JobSimulation.Result result = new JobSimulation(seed, true).run();
            assertThat(result.doubled)
                    .as("seed %d: units with two effects", seed)
                    .isZero();
            assertThat(result.missed).as("seed %d: slots or units missed", seed).isZero();
            all.add(result);
        }
        Trials.report(
                "P9",
                "slots of a job, five nodes that freeze and crash, store that fails",
                all.slots,
                all.doubled + all.missed,
                "%d taken over, %d stale writes refused, %d passed while no node could run; seeds %d-%d"
                        .formatted(all.takenOver, all.refused, all.passed, first, first + HISTORIES - 1));
        assertThat(all.refused).as("writes of nodes that had lost the lease").isPositive();
        assertThat(all.takenOver).as("runs taken over").isPositive();
    }

    /** Or else the simulation would prove nothing. */
    @Test
    void withoutTheFenceTheSameHistoriesHaveDoubleEffects() {
        JobSimulation.Result all = new JobSimulation.Result();
        for (long seed = 1; seed <= 20; seed++) {
            all.add(new JobSimulation(seed, false).run());
        }
        assertThat(all.doubled).isPositive();
    }
}
