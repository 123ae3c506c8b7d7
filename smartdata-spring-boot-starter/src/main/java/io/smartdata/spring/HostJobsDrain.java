package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Where the host's own scheduler runs jobs: when the context closes, waits for the piece that is being done, before the threads
 * of that scheduler are interrupted, and gives the lease back.
 */
final class HostJobsDrain implements ApplicationListener<ContextClosedEvent> {
    private final ApplicationContext context;
    private final SmartData smartData;

    HostJobsDrain(ApplicationContext context, SmartData smartData) {
        this.context = requireNonNull(context, "context");
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Contexts below this one, such as that of a management port, end before it without ending the jobs. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            smartData.stop();
        }
    }
}
