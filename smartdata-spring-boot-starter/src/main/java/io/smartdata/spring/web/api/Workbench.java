package io.smartdata.spring.web.api;

import io.smartdata.RetryLaterException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Room for requests that take long, so that they leave processors and connections to the others. Nobody waits for it. */
final class Workbench {
    private static final int LEAST_PLACES = 4;
    private static final int PLACES_PER_PROCESSOR = 2;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore places;

    Workbench(int places) {
        this.places = new Semaphore(places);
    }

    /** As large as this machine has processors for. */
    static Workbench ofThisMachine() {
        return new Workbench(Math.max(
                LEAST_PLACES, PLACES_PER_PROCESSOR * Runtime.getRuntime().availableProcessors()));
    }

    /** No place is free. */
    static final class NoPlaceException extends RetryLaterException {
        private static final long serialVersionUID = 1L;

        NoPlaceException() {
            super(
                    "throttled",
                    "This node does as much of that at once as it may. Nothing was read or stored. Ask again in a second.",
                    RETRY_AFTER,
                    null);
        }
    }

    /** @throws NoPlaceException {@code throttled} */
    <R> R use(Supplier<R> work) {
        if (!places.tryAcquire()) {
            throw new NoPlaceException();
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
