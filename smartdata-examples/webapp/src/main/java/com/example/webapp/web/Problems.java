package com.example.webapp.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What the filters answer (RFC 9457): fixed texts, nothing of the request and nothing of an exception. */
final class Problems {
    private Problems() {}

    static void unauthenticated(HttpServletRequest request, HttpServletResponse response, Exception why)
            throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        write(response, HttpStatus.UNAUTHORIZED, "unauthenticated", "Log in first, or refresh the access token.");
    }

    static void denied(HttpServletRequest request, HttpServletResponse response, Exception why) throws IOException {
        write(response, HttpStatus.FORBIDDEN, "not_permitted", "This is not permitted.");
    }

    static void rejected(HttpServletRequest request, HttpServletResponse response, Exception why) throws IOException {
        write(
                response,
                HttpStatus.BAD_REQUEST,
                "invalid_request",
                "The host or the address is not one of this server.");
    }

    static void write(HttpServletResponse response, HttpStatus status, String code, String detail) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter()
                .write("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}"
                        .formatted(status.getReasonPhrase(), status.value(), code, detail));
    }
}
