package com.example.webapp.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** A name and a password are short: a body that is long, or does not say how long, is not read. */
final class SmallBodies extends OncePerRequestFilter {
    private static final long MOST_BYTES = 4096;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Transfer-Encoding") != null) {
            Problems.write(response, HttpStatus.LENGTH_REQUIRED, "length_required", "Say how long the body is.");
        } else if (request.getContentLengthLong() > MOST_BYTES) {
            Problems.write(response, HttpStatus.CONTENT_TOO_LARGE, "too_large", "The body is too long.");
        } else {
            chain.doFilter(request, response);
        }
    }
}
