package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.emit.EventEmitter;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Closes the emitter when the context stops: after the last request was served, so that what that emitted is sent too, and
 * before the web server, the connection pools and all other beans go.
 */
final class EmitterLifecycle implements SmartLifecycle {
    /** Boot stops taking requests 1024 before the last phase, and stops the server 2048 before it. */
    private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 - 512;

    private final EventEmitter emitter;
    private final Duration deadline;
    private volatile boolean running;

    EmitterLifecycle(EventEmitter emitter, Duration deadline) {
        this.emitter = requireNonNull(emitter, "emitter");
        this.deadline = requireNonNull(deadline, "deadline");
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        emitter.close(deadline);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
