package io.smartdata.core.access;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import java.time.Duration;
import java.util.Optional;

/**
 * What the host's directory says about orgs, in time or not at all. For the library itself: it asks only about orgs that
 * somebody was granted.
 *
 * @since 0.1.0
 */
public final class OrgProfiles {
    private final OrgDirectory directory;
    private final TimelyHost host;

    /**
     * @param timeout an answer that took longer is none
     */
    public OrgProfiles(OrgDirectory directory, Duration timeout) {
        this.directory = requireNonNull(directory, "directory");
        this.host = new TimelyHost(timeout);
    }

    /**
     * What the host says about the org; empty if it does not know it.
     *
     * @throws SmartDataException {@code not_permitted} if the directory fails or does not answer in time
     */
    public Optional<OrgProfile> find(OrgId org) {
        try {
            return host.ask("org directory", () -> directory.find(org));
        } catch (RuntimeException e) {
            throw new SmartDataException(
                    "not_permitted",
                    "The host's directory of orgs did not answer. Nothing was read or changed. Try again later.",
                    e);
        }
    }
}
