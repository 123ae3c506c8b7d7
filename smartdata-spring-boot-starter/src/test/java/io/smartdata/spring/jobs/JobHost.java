package io.smartdata.spring.jobs;

import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.event.Event;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node whose job stores an event each second: one too many would be another event. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class JobHost {
    static final String JOB = "tick";

    @Bean
    AccessPolicy policy() {
        return AccessPolicy.singleOperator();
    }

    @Bean
    Job tick(ObjectProvider<SmartData> smartData) {
        return Job.named(JOB)
                .every(Duration.ofSeconds(1))
                .perOrg((context, org) -> List.of(
                                JobPiece.once("tick", scope -> store(smartData.getObject(), scope, JOB)))
                        .iterator());
    }

    /** Stores an event that no other one is a duplicate of. */
    static long store(SmartData smartData, OrgScope scope, String name) {
        return smartData
                .ingest(scope)
                .events(List.of(Event.named(name, Instant.parse("2026-03-01T12:00:00Z"))
                        .id(UUID.randomUUID().toString())
                        .build()))
                .accepted();
    }

    static OrgScope acme(SmartData smartData) {
        return smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);
    }
}
