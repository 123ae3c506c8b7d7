package io.smartdata.spring.web;

import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, as the host authenticated it. Unless the host has a bean of this type, the caller is the request's user principal,
 * which Spring Security and the servlet container both set.
 *
 * @since 0.1.0
 */
public interface RequestIdentity {
    /** The caller; empty for anonymous requests, which are answered with 401. */
    Optional<Caller> caller(HttpServletRequest request);

    /**
     * The orgs the caller belongs to, as far as the host knows: one is used for requests that name none. What the caller may
     * do there, the access policy says.
     */
    default Set<OrgId> orgs(HttpServletRequest request) {
        return Set.of();
    }
}
