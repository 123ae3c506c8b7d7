package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.jdbc.JdbcStorage.Requirement;
import io.smartdata.storage.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a database and says what is to be done; changes nothing. */
final class Doctor {
    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
    private static final Duration LARGE_SKEW = Duration.ofSeconds(5);
    private static final Duration LONG_BACKLOG = Duration.ofMinutes(10);
    private static final Duration LONG_CALL = Duration.ofHours(1);

    /** A lease is seconds long: whoever could take a job over has done so by now. */
    private static final Duration LONG_LEFT = Duration.ofMinutes(10);

    /** Counted no further. */
    private static final int MANY = 100_000;

    private final Database database;
    private final Dialect dialect;
    private final Set<Requirement> required;

    Doctor(Database database, Set<Requirement> required) {
        this.database = database;
        this.dialect = database.dialect();
        this.required = required;
    }

    List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(database.read(Actor.OWNER, dialect::examineServer));
        findings.add(clock());
        Finding schema = schema();
        findings.add(schema);
        if (!schema.open()) {
            Set<Requirement> looked = dialect.server() ? EnumSet.allOf(Requirement.class) : required;
            looked.forEach(requirement -> findings.addAll(of(requirement)));
            findings.addAll(database.read(Actor.OWNER, dialect::examineTables));
            if (findings.stream().noneMatch(finding -> finding.code().equals("rights_missing"))) {
                findings.addAll(work());
            }
        }
        return List.copyOf(findings);
    }

    /** What was asked for and is not so is an error. */
    private List<Finding> of(Requirement requirement) {
        List<Finding> findings = database.read(Actor.OWNER, handle -> dialect.examine(handle, requirement));
        return required.contains(requirement)
                ? findings.stream().map(Doctor::asked).toList()
                : findings;
    }

    private static Finding asked(Finding finding) {
        return finding.open() ? Finding.error(finding.code(), finding.what(), finding.remedy()) : finding;
    }

    /** What the server lacks is not this library's to refuse, but an operator should read of it. */
    void warnOfServer() {
        database.read(Actor.OWNER, dialect::examineServer).stream()
                .filter(Finding::open)
                .forEach(finding -> LOG.warn("{}: {} {}", finding.code(), finding.what(), finding.remedy()));
    }

    /**
     * @throws SmartDataException with the code of the first finding that is not as required
     */
    void insist() {
        required.stream()
                .sorted()
                .flatMap(requirement -> of(requirement).stream())
                .filter(Finding::open)
                .findFirst()
                .ifPresent(finding -> {
                    throw new SmartDataException(
                            finding.code(), finding.what() + " Nothing was opened. " + finding.remedy());
                });
    }

    private Finding schema() {
        try {
            return Finding.ok(
                    "schema",
                    "The tables are at version %d, as this smartdata needs."
                            .formatted(new Migrations(database).validate()));
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (SmartDataException e) {
            return Finding.error(e.code(), String.valueOf(e.getMessage()), "Do so, then look again.");
        }
    }

    /** This machine's clock says which events are in the future, the database's everything else. */
    private Finding clock() {
        return database.read(Actor.OWNER, handle -> {
            Instant before = Instant.now();
            Instant there = now(handle);
            Instant after = Instant.now();
            Duration skew = there.isBefore(before)
                    ? Duration.between(before, there)
                    : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
            return skew.abs().compareTo(LARGE_SKEW) <= 0
                    ? Finding.ok("clock", "The clocks of this machine and the database agree within 5 seconds.")
                    : Finding.warning(
                            "clock_skew",
                            "The database's clock is %d seconds from this machine's, which says what is in the future. Events may be refused that should not be, and logs do not match receipts."
                                    .formatted(skew.toSeconds()),
                            "Synchronise both with NTP.");
        });
    }

    private Instant now(Handle handle) {
        return Columns.instant(
                handle.createQuery("SELECT " + dialect.now()).mapTo(Long.class).one());
    }

    /** What waits for somebody, over all orgs. */
    private List<Finding> work() {
        return database.read(Actor.EVERY_ORG, handle -> {
            Instant now = now(handle);
            return List.of(backlog(handle, now), deadLetters(handle), calls(handle, now), jobs(handle, now));
        });
    }

    private Finding backlog(Handle handle, Instant now) {
        Duration age = handle.createQuery(dialect.tables("SELECT MIN(added_at) FROM #kpi_delta"))
                .mapTo(Long.class)
                .findOne()
                .map(oldest -> Duration.between(Columns.instant(oldest), now))
                .orElse(Duration.ZERO);
        return age.compareTo(LONG_BACKLOG) < 0
                ? Finding.ok(
                        "compaction",
                        "What ingest added was merged into KPI cells up to %d seconds ago.".formatted(age.toSeconds()))
                : Finding.warning(
                        "compaction_behind",
                        "What ingest added %d minutes ago is not merged into KPI cells. Figures are right, but reading them takes longer and longer."
                                .formatted(age.toMinutes()),
                        "Run smartdata maintain, or let a node run the jobs.");
    }

    private Finding deadLetters(Handle handle) {
        long letters = handle.createQuery(
                        dialect.tables(
                                "SELECT COUNT(*) FROM (SELECT 1 FROM #dead_letter WHERE status = 'OPEN' LIMIT :many) open_letters"))
                .bind("many", MANY)
                .mapTo(Long.class)
                .one();
        return letters == 0
                ? Finding.ok("dead_letters", "No dead letter waits.")
                : Finding.warning(
                        "dead_letters_open",
                        "%s dead letters wait. Their events are in no figure.".formatted(count(letters)),
                        "Look at them with smartdata dead-letters list --org ORG, then replay or discard them.");
    }

    private Finding calls(Handle handle, Instant now) {
        long calls = handle.createQuery(dialect.tables("""
                        SELECT COUNT(*) FROM (
                            SELECT 1 FROM #receipt WHERE complete = 0 AND received_at < :before LIMIT :many) dead
                        """))
                .bind("before", Columns.micros(now.minus(LONG_CALL)))
                .bind("many", MANY)
                .mapTo(Long.class)
                .one();
        return calls == 0
                ? Finding.ok("calls", "Every call of more than an hour ago ended.")
                : Finding.warning(
                        "calls_unfinished",
                        "%s calls stored a part of their events and never ended.".formatted(count(calls)),
                        "Send those files again: what is stored is found to be duplicate. Receipts with complete = 0 name them.");
    }

    private Finding jobs(Handle handle, Instant now) {
        List<String> left = handle.createQuery(dialect.tables("""
                        SELECT DISTINCT r.job FROM #job_run r LEFT JOIN #lease l ON l.job = r.job
                        WHERE r.status = 'RUNNING' AND r.started_at < :before AND (l.ends_at IS NULL OR l.ends_at < :before)
                        ORDER BY r.job
                        """))
                .bind("before", Columns.micros(now.minus(LONG_LEFT)))
                .mapTo(String.class)
                .list();
        if (!left.isEmpty()) {
            return Finding.warning(
                    "jobs_left",
                    "Jobs were begun by a node that is gone, and no other has taken them over for %d minutes: %s."
                            .formatted(LONG_LEFT.toMinutes(), String.join(", ", left)),
                    "Start a node that runs jobs, or call smartdata jobs run-due.");
        }
        List<String> failed =
                handle.createQuery(dialect.tables("""
                        SELECT r.job FROM #job_run r
                        WHERE r.status = 'FAILED' AND r.slot = (SELECT MAX(n.slot) FROM #job_run n WHERE n.job = r.job)
                        ORDER BY r.job
                        """)).mapTo(String.class).list();
        return failed.isEmpty()
                ? Finding.ok("jobs", "No job was left or failed when it ran last.")
                : Finding.warning(
                        "jobs_failed",
                        "Jobs failed when they ran last: %s. What they left is done by the next run that succeeds."
                                .formatted(String.join(", ", failed)),
                        "Look at the errors with smartdata jobs list.");
    }

    private static String count(long found) {
        return found == MANY ? "At least " + MANY : Long.toString(found);
    }
}
