package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import org.springframework.context.SmartLifecycle;

/**
 * Runs jobs in the background while the application context runs: begins last of all, when everything a job could call is
 * there, and is the first to stop, for as long as {@code smartdata.jobs.drain} says.
 */
final class JobsLifecycle implements SmartLifecycle {
    private final SmartData smartData;
    private volatile boolean running;

    JobsLifecycle(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    @Override
    public void start() {
        smartData.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        smartData.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
