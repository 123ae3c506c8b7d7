package io.smartdata.spring.web.upload;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;

/**
 * Who may look at an upload: whoever sent it, and only in the org it is for.
 *
 * @param org the events are for
 * @param caller who sent it
 * @since 0.1.0
 */
public record UploadOwner(OrgId org, Caller caller) {
    public UploadOwner {
        requireNonNull(org, "org");
        requireNonNull(caller, "caller");
    }

    /** The caller of a scope, in its org. */
    public static UploadOwner of(OrgScope scope) {
        return new UploadOwner(scope.org(), scope.caller());
    }
}
