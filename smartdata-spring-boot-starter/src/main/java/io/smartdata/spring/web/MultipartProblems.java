package io.smartdata.spring.web;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.spring.web.route.Multipart;
import io.smartdata.spring.web.route.Router;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Multipart bodies are taken apart by the container, within the host's limits, before any route is asked. What it refuses
 * under the base path is a problem like any other; what it refuses elsewhere is the host's.
 */
final class MultipartProblems implements HandlerExceptionResolver, Ordered {
    private final String api;

    MultipartProblems(String basePath) {
        this.api = requireNonNull(basePath, "basePath") + "/api/v1/";
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        String path = path(request);
        if (!(failure instanceof MultipartException) || !path.startsWith(api)) {
            return null;
        }
        Router.refuse(request, response, problem(path, failure));
        return new ModelAndView();
    }

    private SmartDataException problem(String path, Exception failure) {
        if (!path.equals(api + "uploads")) {
            return Multipart.notHere(failure);
        }
        return failure instanceof MaxUploadSizeExceededException
                ? Multipart.tooLarge(failure)
                : Multipart.notWhole(failure);
    }

    /** Within the servlet, wherever the host has mapped it to. */
    private static String path(HttpServletRequest request) {
        String rest = request.getPathInfo();
        return rest == null ? request.getServletPath() : rest;
    }
}
