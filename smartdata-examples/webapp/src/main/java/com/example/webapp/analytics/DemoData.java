package com.example.webapp.analytics;

import com.example.webapp.login.AccessTokens;
import com.example.webapp.login.Account;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.Input;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.stereotype.Component;

/**
 * Real data for both orgs. Loading it again stores nothing: every row is known.
 *
 * @since 0.1.0
 */
@Component
public class DemoData {
    private static final Account ACME = new Account("load-demo", "acme", Role.ORG_ADMIN);
    private static final Account GLOBEX = new Account("load-demo", "globex", Role.ORG_ADMIN);

    private final SmartData smartData;
    private final AccessTokens tokens;

    DemoData(SmartData smartData, AccessTokens tokens) {
        this.smartData = smartData;
        this.tokens = tokens;
    }

    /** @return a line for each org */
    public String load() {
        IngestReceipt bikes = load(
                ACME,
                "bike_rentals.csv",
                ReadOptions.defaults("capital-bikeshare")
                        .withDefaultName("bike_rentals")
                        .withMapping(Map.of("value", "y")));
        IngestReceipt taxis =
                load(GLOBEX, "nyc_taxi.csv.gz", ReadOptions.defaults("tlc").withDefaultName("passengers"));
        return line("acme", bikes) + System.lineSeparator() + line("globex", taxis);
    }

    /** What a request with a token of {@code account} could do, and no more. */
    private IngestReceipt load(Account account, String file, ReadOptions options) {
        SecurityContextHolder.setContext(new SecurityContextImpl(tokens.authenticationOf(account)));
        try {
            OrgScope scope =
                    smartData.access().scope(Caller.of(account.name()), OrgId.of(account.org()), Permission.INGEST);
            Input input = new ClassPathResource("demo/" + file)::getInputStream;
            return smartData.ingest(scope).input(input, IngestOptions.strict(options));
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    private static String line(String org, IngestReceipt receipt) {
        return "%s: %d events received, %d new".formatted(org, receipt.received(), receipt.accepted());
    }
}
