package io.smartdata.spring.web;

import io.smartdata.spring.web.route.BrokenAnswerException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Passes answers that break off on to the container, which cuts the connection. A resolver of the host that handles every
 * failure would end them properly, and half an export would look like a whole one.
 */
final class BrokenAnswers implements HandlerExceptionResolver, Ordered {
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (failure instanceof BrokenAnswerException broken) {
            throw new UncheckedIOException(broken);
        }
        return null;
    }
}
