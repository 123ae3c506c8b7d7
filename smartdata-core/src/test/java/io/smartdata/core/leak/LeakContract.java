package io.smartdata.core.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.promise.Trials;
import io.smartdata.storage.Storage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * No operation tells one org about another, on whatever storage and with whatever settings. For adopters: extend this class;
 * {@link LeakKit} says what it does. Needs JUnit, AssertJ and Micrometer.
 */
public abstract class LeakContract {
    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    /** Settings of the host to try with; the kit sets storage, policy, directory, resolver, meters and clock itself. */
    protected SmartData.Builder settings() {
        return SmartData.builder();
    }

    @Test
    void everyOperationIsTriedOrExcused() {
        LeakMatrix matrix = new LeakMatrix();
        Set<String> tried = new HashSet<>(
                matrix.rows().stream().map(LeakMatrix.Row::operation).toList());
        assertThat(matrix.excused().keySet()).doesNotContainAnyElementsOf(tried);
        Set<String> covered = new TreeSet<>(matrix.excused().keySet());
        covered.addAll(tried);
        assertThat(covered).as("lines of LeakMatrix").containsExactlyInAnyOrderElementsOf(Operations.all());
    }

    @Test
    void noOperationTellsOneOrgAboutAnother() throws Exception {
        LeakMatrix matrix = new LeakMatrix();
        try (LeakKit kit = new LeakKit(settings(), newStorage())) {
            List<String> leaks = kit.tryAll(matrix);
            Trials.report(
                    "P4",
                    "answers about foreign and unknown things, compared",
                    kit.compared(),
                    Math.min(leaks.size(), kit.compared()),
                    "%d operations, %d of them excused"
                            .formatted(Operations.all().size(), matrix.excused().size()));
            assertThat(leaks).isEmpty();
        }
    }

    @Test
    void aKeyOfAnotherOrgIsAnsweredLikeAFreshOne() throws Exception {
        int rounds = Trials.rounds(200, 2000);
        long seed = Trials.seed();
        try (LeakKit kit = new LeakKit(settings(), newStorage())) {
            List<String> leaks = kit.tryKeys(rounds, seed);
            Trials.report(
                    "P4",
                    "a key held by another org beside one that nobody holds",
                    rounds,
                    leaks.size(),
                    "seed " + seed);
            assertThat(leaks).isEmpty();
        }
    }
}
