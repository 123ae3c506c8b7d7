package com.example.webapp.login;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request about login that is not granted, as a problem (RFC 9457) with a code. */
final class Refused extends ErrorResponseException {
    private Refused(HttpStatus status, String code, String detail) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
        getBody().setProperty("code", code);
    }

    static Refused of(HttpStatus status, String code, String detail) {
        return new Refused(status, code, detail);
    }

    static Refused later(HttpStatus status, String code, String detail, long seconds) {
        Refused refused = new Refused(status, code, detail);
        refused.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        return refused;
    }
}
