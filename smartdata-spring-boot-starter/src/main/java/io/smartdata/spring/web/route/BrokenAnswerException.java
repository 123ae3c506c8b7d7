package io.smartdata.spring.web.route;

import java.io.IOException;

/**
 * An answer was begun and cannot be finished. Whoever handles this must not end the answer as if it were whole: the container
 * cuts the connection when it goes through.
 *
 * @since 0.1.0
 */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenAnswerException(Exception cause) {
        super("The answer was begun and cannot be finished", cause);
    }
}
