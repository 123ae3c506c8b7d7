package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A transaction that began first and commits last, as a host's may. SQLite has one writer, so there it cannot be. */
class LateCommitTest {
    private static final OrgScope ACME = OrgScope.request(
            AccessPolicy.singleOperator(), Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);

    private static boolean insert(AppendTransaction transaction, String id) {
        Event event = Event.named("visit", Instant.parse("2026-03-01T12:00:00Z"))
                .id(id)
                .source("web")
                .build();
        transaction.insert(
                List.of(new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], UUID.randomUUID())));
        return true;
    }

    private static ArrivalPage read(JdbcStorage storage, ArrivalPosition after) {
        return storage.events().arrivals(ACME, new ArrivalQuery(StoredEventFilter.any(), after, 10, 10));
    }

    private static List<String> ids(ArrivalPage page) {
        return page.events().stream()
                .map(StoredEvent::event)
                .map(event -> event.id().text())
                .toList();
    }

    @Test
    void whatCommitsLateArrivesLateAndIsNotOverlooked() throws Exception {
        String url = Databases.newPostgresUrl();
        try (JdbcStorage storage = JdbcStorage.open(url);
                Connection host = DriverManager.getConnection(url);
                Connection undecided = DriverManager.getConnection(url)) {
            storage.open(system -> {});
            storage.orgs().ensure(ACME, ZoneOffset.UTC);
            storage.events().append(ACME, transaction -> insert(transaction, "known source"));
            host.setAutoCommit(false);
            undecided.setAutoCommit(false);
            storage.events().append(ACME, JdbcStorage.joining(host), transaction -> insert(transaction, "late"));
            storage.events().append(ACME, JdbcStorage.joining(undecided), transaction -> insert(transaction, "never"));
            storage.events().append(ACME, transaction -> insert(transaction, "quick"));

            ArrivalPage before = read(storage, ArrivalPosition.START);
            assertThat(ids(before)).containsExactly("known source", "quick");
            assertThat(ids(read(storage, before.next()))).isEmpty();

            host.commit();
            undecided.rollback();
            ArrivalPage after = read(storage, before.next());
            assertThat(ids(after)).containsExactly("late");
            assertThat(after.events().get(0).receivedAt())
                    .as("it was received before what was read already")
                    .isBefore(before.events().get(1).receivedAt());
            assertThat(ids(read(storage, ArrivalPosition.START))).containsExactly("known source", "quick", "late");
        }
    }
}
