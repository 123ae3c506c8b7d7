package io.smartdata.cli;

import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;

/** Whoever runs a command holds the password of the database: nothing is kept from them, and what is audited stays so. */
final class CommandLinePolicy implements AccessPolicy {
    @Override
    public boolean permits(Caller caller, OrgId org, Permission permission) {
        return AccessPolicy.singleOperator().permits(caller, org, permission);
    }

    @Override
    public boolean permitsAcrossOrgs(Caller caller) {
        return true;
    }
}
