package io.smartdata.core.emit;

import java.io.IOException;

/**
 * Says who sends. Asked before every request, so it should remember what it got; a failure is taken for one that passes.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface EmitterAuthorization {
    /**
     * Value of the header {@code Authorization}, for example {@code Bearer ...}.
     *
     * @param renewed true if the server has just refused the last one (401); it is asked once for each request
     * @throws IOException if there is none now
     */
    String header(boolean renewed) throws IOException, InterruptedException;
}
