package io.smartdata.promise;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Prints the table when a module's tests end, if they added to it. JUnit finds it in META-INF/services. */
public final class TrialPrinter implements TestExecutionListener {
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!Trials.none()) {
            System.out.printf("%nPromises tried so far in this build%n%s%n", Trials.table());
        }
    }
}
