package io.smartdata.spring.web;

import io.smartdata.tenancy.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;

/** The request's user principal; Spring Security has none for anonymous requests. */
class PrincipalIdentity implements RequestIdentity {
    @Override
    public Optional<Caller> caller(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal())
                .map(Principal::getName)
                .filter(name -> !name.isBlank())
                .map(Caller::of);
    }
}
