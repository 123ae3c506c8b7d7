package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.emit.HttpEventTransport;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.Event;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.spring.web.RequestIdentity;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** A smartdata server that emitters of tests send to; can be stopped, and started again on its port and its database. */
final class StatsServer implements AutoCloseable {
    static final String TOKEN = "t0ken";
    private static final String BASE = "/smartdata";

    private final Path folder;
    private final int port;
    private RunningHost host;

    /** Knows one token. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        RequestIdentity identity() {
            return new RequestIdentity() {
                @Override
                public Optional<Caller> caller(HttpServletRequest request) {
                    return Optional.ofNullable(request.getHeader("Authorization"))
                            .filter(("Bearer " + TOKEN)::equals)
                            .map(known -> Caller.of("shop"));
                }

                @Override
                public Set<OrgId> orgs(HttpServletRequest request) {
                    return Set.of();
                }
            };
        }

        @Bean
        AccessPolicy policy() {
            return AccessPolicy.singleOperator();
        }

        @Bean
        KpiCatalog kpis() {
            return KpiCatalog.of(Kpi.sum("revenue").event("order_placed"));
        }
    }

    StatsServer(Path folder) {
        this.folder = folder;
        this.host = start(0);
        this.port = host.uri("/").getPort();
    }

    private RunningHost start(int onPort) {
        return RunningHost.withoutSecurity(folder, Host.class, "smartdata.web.enabled=true", "server.port=" + onPort);
    }

    void stop() {
        host.close();
    }

    void startAgain() {
        host = start(port);
    }

    URI address() {
        return URI.create("http://localhost:" + port + BASE);
    }

    static HttpEventTransport.Builder transport(URI address) {
        return HttpEventTransport.to(address).org("acme").token(TOKEN);
    }

    /** Always the same event under the same number; its value is the number. */
    static Event order(int number) {
        return Event.named("order_placed", Instant.parse("2026-03-01T10:00:00Z").plusSeconds(number))
                .id("order-" + number)
                .source("shop")
                .value(number)
                .build();
    }

    /** Events 0 to {@code events} are stored once each, and the figures made of them are those of each counted once. */
    void assertHasExactly(int events) {
        JdbcTemplate sql = host.context().getBean(JdbcTemplate.class);
        assertThat(sql.queryForObject("SELECT COUNT(*) FROM sd_event", Long.class))
                .isEqualTo(events);
        assertThat(sql.queryForObject("SELECT COUNT(DISTINCT event_id_text) FROM sd_event", Long.class))
                .isEqualTo(events);
        SmartData smartData = host.context().getBean(SmartData.class);
        OrgScope acme =
                smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.VIEW, Permission.OPERATE);
        List<KpiPoint> revenue = smartData
                .kpis(acme)
                .series(KpiQuery.of("revenue").between(CellRange.FIRST_DAY, CellRange.END))
                .points();
        long sum = (long) events * (events - 1) / 2;
        assertThat(revenue.stream()
                        .mapToLong(point -> Long.parseLong(point.valueText()))
                        .sum())
                .isEqualTo(sum);
        Verification verified = smartData.kpis(acme).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verified.differences()).isEmpty();
        assertThat(verified.events()).isEqualTo(events);
    }

    @Override
    public void close() {
        host.close();
    }
}
