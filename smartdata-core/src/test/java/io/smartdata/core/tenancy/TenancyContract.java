package io.smartdata.core.tenancy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.SmartData;
import io.smartdata.core.crossorg.CrossOrg;
import io.smartdata.core.crossorg.OrgAnswer;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.RoutedEvent;
import io.smartdata.core.ingest.RoutedReceipt;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgQuotas;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scopes, roles, the directory of orgs, quotas, routing, reads across orgs and the audit log. Needs JUnit and AssertJ. */
public abstract class TenancyContract {
    private static final Duration ACCESS_TIMEOUT = Duration.ofMillis(10);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Caller ALICE = Caller.of("alice");
    private static final OrgId ACME = OrgId.of("acme");
    private static final OrgId GLOBEX = OrgId.of("globex");
    private static final AuditQuery ALL = AuditQuery.newest(100);

    private final List<SmartData> opened = new ArrayList<>();
    private @Nullable Storage storage;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void makeStorage() throws Exception {
        storage = newStorage();
    }

    @AfterEach
    final void close() {
        opened.forEach(SmartData::close);
    }

    private SmartData.Builder builder() {
        return SmartData.builder()
                .storage(requireNonNull(storage))
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(CLOCK);
    }

    private SmartData open(SmartData.Builder builder) {
        SmartData smartData = builder.build();
        opened.add(smartData);
        return smartData;
    }

    private static OrgScope operator(SmartData smartData, OrgId org) {
        return smartData
                .access()
                .scope(ALICE, org, Permission.OPERATE, Permission.INGEST, Permission.VIEW, Permission.EXPORT);
    }

    private static Event.Builder event(String id) {
        return Event.named("visit", NOON).id(EventId.of(id)).source("web");
    }

    /** Of the future, and so not accepted. */
    private static Event inDays(String id, int days) {
        return Event.named("visit", NOON.plus(Duration.ofDays(days)))
                .id(EventId.of(id))
                .source("web")
                .build();
    }

    private static IngestReceipt ingest(SmartData smartData, OrgId org, int events) {
        List<Event> made = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            made.add(event("e" + i).build());
        }
        return smartData.ingest(operator(smartData, org)).events(made);
    }

    private static SmartDataException denial(SmartData smartData, OrgId org, Permission permission) {
        SmartDataException denied = catchThrowableOfType(
                SmartDataException.class, () -> smartData.access().scope(ALICE, org, permission));
        assertThat(denied).isNotNull();
        assertThat(denied.code()).isEqualTo("not_permitted");
        return denied;
    }

    // who may do what

    @Test
    void aCallerHasWhatTheRolesInTheOrgAddUpTo() {
        AccessPolicy policy = AccessPolicy.ofRoles(
                (caller, org) -> org.equals(ACME) ? Set.of(Role.ORG_VIEWER, Role.OPERATOR) : Set.of(Role.ORG_MEMBER));
        SmartData smartData = open(builder().accessPolicy(policy));
        operator(smartData, ACME);
        denial(smartData, ACME, Permission.VIEW_SENSITIVE);
        denial(smartData, GLOBEX, Permission.VIEW);
    }

    @Test
    void anOrgThatTheDirectoryDoesNotKnowIsAnsweredLikeADeniedOne() {
        AccessPolicy policy = (caller, org, permission) -> !org.equals(GLOBEX);
        SmartData smartData = open(builder().accessPolicy(policy).orgDirectory(only(ACME, GLOBEX)));
        operator(smartData, ACME);
        SmartDataException foreign = denial(smartData, GLOBEX, Permission.VIEW);
        SmartDataException unknown = denial(smartData, OrgId.of("nobody"), Permission.VIEW);
        assertThat(unknown).hasMessage(foreign.getMessage());
        assertThat(unknown.getCause()).isNull();
        assertThat(foreign.getCause()).isNull();
    }

    private static OrgDirectory only(OrgId... orgs) {
        Set<OrgId> known = Set.of(orgs);
        return org -> known.contains(org) ? Optional.of(OrgProfile.defaults()) : Optional.empty();
    }

    @Test
    void theDirectoryIsNotAskedAboutWhatThePolicyDenies() {
        AtomicInteger asked = new AtomicInteger();
        OrgDirectory directory = org -> {
            asked.incrementAndGet();
            return Optional.empty();
        };
        denial(open(builder().accessPolicy(AccessPolicy.denyAll()).orgDirectory(directory)), ACME, Permission.VIEW);
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "null", "slow", "directory throws", "directory null", "directory slow"})
    void whatIsNotAClearAndTimelyYesIsANo(String fault) {
        SmartData smartData = open(faulty(fault));
        SmartDataException denied = denial(smartData, ACME, Permission.VIEW);
        SmartDataException plain = denial(open(builder().accessPolicy(AccessPolicy.denyAll())), ACME, Permission.VIEW);
        assertThat(denied).hasMessage(plain.getMessage());
    }

    private SmartData.Builder faulty(String fault) {
        SmartData.Builder builder = builder().accessTimeout(ACCESS_TIMEOUT);
        return switch (fault) {
            case "throws" -> builder.accessPolicy((caller, org, permission) -> fail());
            case "null" -> builder.accessPolicy(AccessPolicy.ofRoles((caller, org) -> nothing()));
            case "slow" -> builder.accessPolicy((caller, org, permission) -> late(true));
            case "directory throws" -> builder.orgDirectory(org -> fail());
            case "directory null" -> builder.orgDirectory(org -> nothing());
            case "directory slow" -> builder.orgDirectory(org -> late(Optional.of(OrgProfile.defaults())));
            default -> throw new IllegalArgumentException(fault);
        };
    }

    private static <T> T fail() {
        throw new IllegalStateException("The membership service is away");
    }

    @SuppressWarnings("NullAway") // what a host's code may do all the same
    private static <T> T nothing() {
        return null;
    }

    private static <T> T late(T answer) {
        long start = System.nanoTime();
        while (System.nanoTime() - start <= ACCESS_TIMEOUT.toNanos()) {
            Thread.onSpinWait();
        }
        return answer;
    }

    @Test
    void anErrorOfThePolicyIsNoAnswer() {
        SmartData smartData = open(builder().accessPolicy((caller, org, permission) -> {
            throw new LinkageError("a class is missing");
        }));
        assertThatThrownBy(() -> smartData.access().scope(ALICE, ACME, Permission.VIEW))
                .isInstanceOf(LinkageError.class);
    }

    @Test
    void aNewOrgIsWhatItsProfileSays() {
        OrgProfile profile =
                OrgProfile.defaults().withZone(ZoneId.of("Asia/Tokyo")).withIdentityScope(IdentityScope.FOREVER);
        SmartData smartData = open(builder()
                .orgDirectory(org -> Optional.of(org.equals(ACME) ? profile : OrgProfile.defaults()))
                .orgZone(ZoneId.of("Europe/Berlin")));
        ingest(smartData, ACME, 1);
        ingest(smartData, GLOBEX, 1);
        var acme = smartData.kpis(operator(smartData, ACME)).settings();
        assertThat(acme.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(acme.identityScope()).isEqualTo(IdentityScope.FOREVER);
        var globex = smartData.kpis(operator(smartData, GLOBEX)).settings();
        assertThat(globex.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(globex.identityScope()).isEqualTo(IdentityScope.DAY);
    }

    // quotas

    private SmartData withQuotas(OrgQuotas quotas) {
        OrgProfile limited = OrgProfile.defaults().withQuotas(quotas);
        return open(builder().orgDirectory(org -> Optional.of(org.equals(ACME) ? limited : OrgProfile.defaults())));
    }

    @Test
    void anOrgThatSentMoreThanItsRateIsThrottledAndTheOthersAreNot() {
        SmartData smartData = withQuotas(OrgQuotas.none().withEventsPerMinute(2));
        assertThat(ingest(smartData, ACME, 5).accepted()).isEqualTo(5);
        RetryLaterException throttled =
                catchThrowableOfType(RetryLaterException.class, () -> ingest(smartData, ACME, 1));
        assertThat(throttled.code()).isEqualTo("throttled");
        assertThat(throttled.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(90));
        assertThat(ingest(smartData, GLOBEX, 5).accepted()).isEqualTo(5);
        assertThat(ingest(smartData, GLOBEX, 5).duplicates()).isEqualTo(5);
    }

    @Test
    void aCallWhoseRejectionsHaveNoRoomIsRefusedBeforeAnythingIsStored() {
        SmartData smartData = withQuotas(OrgQuotas.none().withOpenDeadLetters(1));
        Event late = inDays("late", 900);
        Event later = inDays("later", 901);
        OrgScope acme = operator(smartData, ACME);
        assertThat(smartData.ingest(acme).events(List.of(late)).rejected()).isEqualTo(1);
        assertThatThrownBy(() ->
                        smartData.ingest(acme).events(List.of(event("good").build(), later)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("quota_exceeded"));
        assertThat(smartData.ingest(acme).events(List.of(event("good").build())).accepted())
                .isEqualTo(1);
        Event third = inDays("third", 902);
        OrgScope globex = operator(smartData, GLOBEX);
        assertThat(smartData.ingest(globex).events(List.of(late, later, third)).rejected())
                .isEqualTo(3);
    }

    @Test
    void anOrgThatTheHostDroppedTakesNoMoreEvents() {
        List<OrgId> known = new ArrayList<>(List.of(ACME));
        SmartData smartData = open(builder()
                .orgDirectory(org -> known.contains(org) ? Optional.of(OrgProfile.defaults()) : Optional.empty()));
        OrgScope acme = operator(smartData, ACME);
        known.clear();
        assertThatThrownBy(
                        () -> smartData.ingest(acme).events(List.of(event("a").build())))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
    }

    // routing

    private static final String FOREIGN = "initech";

    /** May bring events into acme and globex; initech is somebody else's, and nobody is nobody. */
    private SmartData routing() {
        return open(builder()
                .accessPolicy((caller, org, permission) -> !org.value().equals(FOREIGN))
                .orgDirectory(only(ACME, GLOBEX, OrgId.of(FOREIGN)))
                .orgResolver(clues -> Optional.ofNullable(clues.entity())
                        .filter(entity -> entity.startsWith("course-of-"))
                        .map(entity -> OrgId.of(entity.substring("course-of-".length())))));
    }

    private static IngestOptions lenient() {
        return IngestOptions.lenient(ReadOptions.defaults("web"));
    }

    private static RoutedReceipt batch(SmartData smartData, String body) {
        return smartData.ingest(ALICE).batch(body.getBytes(StandardCharsets.UTF_8), lenient());
    }

    private static final String MIXED_CSV = """
            id,time,name,org,entity
            a,2026-03-01T10:00:00Z,visit,acme,
            b,2026-03-01T10:00:00Z,visit,globex,
            c,2026-03-01T10:00:00Z,visit,initech,
            d,2026-03-01T10:00:00Z,visit,nobody,
            e,2026-03-01T10:00:00Z,visit,not an org,
            f,2026-03-01T10:00:00Z,visit,,course-of-acme
            g,2026-03-01T10:00:00Z,visit,,course-of-initech
            h,2026-03-01T10:00:00Z,visit,,elsewhere
            i,2026-03-01T10:00:00Z,visit,,
            j,no time,visit,acme,
            k,2026-03-01T10:00:00Z,visit
            """;

    @Test
    void everyRowGoesToItsOrgOrIsAnsweredWithItsReason() {
        SmartData smartData = routing();
        RoutedReceipt routed = batch(smartData, MIXED_CSV);
        assertThat(routed.parts()).extracting(RoutedReceipt.Part::org).containsExactly(ACME, GLOBEX);
        assertThat(routed.receipt(ACME).orElseThrow().outcomes())
                .extracting(EventOutcome::row)
                .containsExactly(2L, 7L, 11L);
        assertThat(routed.receipt(ACME).orElseThrow().accepted()).isEqualTo(2);
        assertThat(routed.receipt(GLOBEX).orElseThrow().accepted()).isEqualTo(1);
        assertThat(routed.unrouted())
                .extracting(outcome -> outcome.row() + " " + outcome.id() + " " + code(outcome))
                .containsExactly(
                        "4 c not_permitted",
                        "5 d not_permitted",
                        "6 e not_permitted",
                        "8 g org_missing",
                        "9 h org_missing",
                        "10 i org_missing",
                        "12 null invalid_csv");
        assertThat(routed.complete()).isFalse();
        assertThat(rejections(routed, "not_permitted")).hasSize(1);
        assertThat(rejections(routed, "org_missing")).hasSize(1);
    }

    private static String code(EventOutcome outcome) {
        return requireNonNull(outcome.rejection()).code().code();
    }

    /** Different words for one code would tell orgs apart. */
    private static Set<Rejection> rejections(RoutedReceipt routed, String code) {
        return Set.copyOf(routed.unrouted().stream()
                .map(outcome -> requireNonNull(outcome.rejection()))
                .filter(rejection -> rejection.code() == RejectionCode.ofCode(code))
                .distinct()
                .toList());
    }

    @Test
    void aRoutedBatchMayBeSentAgain() {
        SmartData smartData = routing();
        batch(smartData, MIXED_CSV);
        RoutedReceipt again = batch(smartData, MIXED_CSV);
        assertThat(again.receipt(ACME).orElseThrow().duplicates()).isEqualTo(2);
        assertThat(again.receipt(GLOBEX).orElseThrow().duplicates()).isEqualTo(1);
    }

    @Test
    void routedRowsAreTheEventsTheyWouldBeIfTheOrgHadSentThemAlone() {
        SmartData smartData = routing();
        String alone = """
                {"time":"2026-03-01T10:00:00","name":"visit","user_id":"u1","org":"acme"}
                {"time":"2026-03-01T10:00:00","name":"visit","user_id":"u1","org":"acme"}
                """;
        String mixed = """
                {"time":"2026-03-01T10:00:00","name":"visit","user_id":"u1","org":"globex"}
                {"time":"2026-03-01T10:00:00","name":"visit","user_id":"u1","org":"acme"}
                {"time":"2026-03-01T10:00:00","name":"visit","user_id":"u1","org":"acme"}
                """;
        assertThat(batch(smartData, mixed).receipt(ACME).orElseThrow().accepted())
                .isEqualTo(2);
        IngestReceipt receipt =
                smartData.ingest(operator(smartData, ACME)).batch(alone.getBytes(StandardCharsets.UTF_8), lenient());
        assertThat(receipt.duplicates()).isEqualTo(2);
    }

    @Test
    void theOrgOfAnEnvelopeHoldsForEventsThatNameNone() {
        String body = """
                {"events": [{"id":"a","time":"2026-03-01T10:00:00Z","name":"visit"},
                            {"id":"b","time":"2026-03-01T10:00:00Z","name":"visit","org":"globex"}],
                 "org": "acme"}
                """;
        RoutedReceipt routed = batch(routing(), body);
        assertThat(routed.receipt(ACME).orElseThrow().accepted()).isEqualTo(1);
        assertThat(routed.receipt(GLOBEX).orElseThrow().accepted()).isEqualTo(1);
    }

    @Test
    void eventsOfTheHostKeepTheirPlacesInTheBatch() {
        List<RoutedEvent> events = List.of(
                new RoutedEvent(GLOBEX, event("a").build()),
                new RoutedEvent(null, event("b").build()),
                new RoutedEvent(null, event("c").entity("course-of-acme").build()),
                new RoutedEvent(OrgId.of(FOREIGN), event("d").build()),
                new RoutedEvent(GLOBEX, event("e").build()));
        RoutedReceipt routed = routing().ingest(ALICE).events(events);
        assertThat(routed.receipt(GLOBEX).orElseThrow().outcomes())
                .extracting(EventOutcome::row)
                .containsExactly(1L, 5L);
        assertThat(routed.receipt(ACME).orElseThrow().outcomes())
                .extracting(EventOutcome::row)
                .containsExactly(3L);
        assertThat(routed.unrouted()).extracting(EventOutcome::row).containsExactly(2L, 4L);
    }

    @Test
    void aResolverThatFailsRefusesTheWholeBatch() {
        SmartData smartData = open(builder().orgResolver(clues -> fail()));
        assertThatThrownBy(() -> batch(smartData, MIXED_CSV))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("org_resolver_failed"));
        assertThat(smartData.zone(operator(smartData, ACME))).isEmpty();
    }

    @Test
    void anOrgOverItsQuotaHoldsUpNoOther() {
        OrgProfile limited = OrgProfile.defaults().withQuotas(OrgQuotas.none().withEventsPerMinute(1));
        SmartData smartData = open(builder()
                .orgDirectory(org -> Optional.of(org.equals(ACME) ? limited : OrgProfile.defaults()))
                .orgResolver(clues -> Optional.empty()));
        ingest(smartData, ACME, 3);
        List<RoutedEvent> events = List.of(
                new RoutedEvent(ACME, event("x").build()),
                new RoutedEvent(GLOBEX, event("x").build()));
        RoutedReceipt routed = smartData.ingest(ALICE).events(events);
        assertThat(requireNonNull(routed.parts().get(0).refusal()).code()).isEqualTo("throttled");
        assertThat(routed.receipt(GLOBEX).orElseThrow().accepted()).isEqualTo(1);
    }

    // across orgs

    private SmartData platform() {
        AccessPolicy policy = AccessPolicy.ofRoles(
                (caller, org) -> Set.of(Role.OPERATOR),
                caller -> caller.equals(ALICE) ? Set.of(Role.PLATFORM_ADMIN) : Set.of());
        return open(builder().accessPolicy(policy).orgDirectory(only(ACME, GLOBEX, OrgId.of(FOREIGN))));
    }

    @Test
    void onlyThePlatformsStaffReadsAcrossOrgs() {
        SmartData smartData = platform();
        smartData.access().crossOrg(ALICE);
        assertThatThrownBy(() -> smartData.access().crossOrg(Caller.of("bob")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        SmartData noPlatform = open(builder());
        assertThatThrownBy(() -> noPlatform.access().crossOrg(ALICE)).hasMessageContaining("CROSS_ORG");
        assertThatThrownBy(() -> smartData.access().scope(ALICE, ACME, Permission.CROSS_ORG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresOfSeveralOrgsStayApart() {
        SmartData smartData = platform();
        ingest(smartData, ACME, 3);
        ingest(smartData, GLOBEX, 5);
        CrossOrg all = smartData.crossOrg(smartData.access().crossOrg(ALICE));
        assertThat(all.orgs()).containsExactly(ACME, GLOBEX);
        KpiQuery visits = KpiQuery.of("visit.count").between(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
        List<OrgAnswer<KpiSeries>> answers =
                all.series(visits, List.of(GLOBEX, OrgId.of(FOREIGN), ACME, OrgId.of("nobody")));
        assertThat(answers)
                .extracting(answer -> answer.org().value())
                .containsExactly("acme", "globex", FOREIGN, "nobody");
        assertThat(events(answers.get(0))).isEqualTo(3);
        assertThat(events(answers.get(1))).isEqualTo(5);
        assertThat(requireNonNull(answers.get(2).refusal()).code()).isEqualTo("unknown_org");
        assertThat(all.freshness(List.of(ACME)).get(0).answered()).isPresent();
    }

    private static long events(OrgAnswer<KpiSeries> answer) {
        return answer.answered().orElseThrow().points().stream()
                .mapToLong(KpiPoint::events)
                .sum();
    }

    @Test
    void aReadAcrossOrgsIsInTheLogOfEachOrgItShowsAndNamesNoOther() {
        SmartData smartData = platform();
        ingest(smartData, ACME, 1);
        ingest(smartData, GLOBEX, 1);
        ingest(smartData, OrgId.of(FOREIGN), 1);
        CrossOrg all = smartData.crossOrg(smartData.access().crossOrg(ALICE));
        all.series(KpiQuery.of("visit.count"), List.of(ACME, GLOBEX));
        List<AuditRecord> ofAcme = smartData.audit(operator(smartData, ACME)).list(ALL);
        assertThat(ofAcme).hasSize(1);
        assertThat(ofAcme.get(0).caller()).isEqualTo(ALICE);
        assertThat(ofAcme.get(0).entry().action()).isEqualTo(AuditAction.CROSS_ORG_READ);
        assertThat(ofAcme.toString()).doesNotContain("globex");
        assertThat(smartData.audit(operator(smartData, OrgId.of(FOREIGN))).list(ALL))
                .isEmpty();
        assertThat(all.audit(ALL).stream().map(found -> found.entry().detail().json()))
                .anyMatch(detail -> detail.contains("[\"acme\",\"globex\"]"));
    }

    @Test
    void whatCannotBeWrittenDownIsNotAnswered() {
        Storage kept = requireNonNull(storage);
        SmartData smartData = open(SmartData.builder()
                .storage(UnauditedStorage.of(kept))
                .accessPolicy(AccessPolicy.ofRoles(
                        (caller, org) -> Set.of(Role.OPERATOR), caller -> Set.of(Role.PLATFORM_ADMIN))));
        ingest(smartData, ACME, 1);
        CrossOrg all = smartData.crossOrg(smartData.access().crossOrg(ALICE));
        assertThatThrownBy(() -> all.series(KpiQuery.of("visit.count"), List.of(ACME)))
                .hasMessage(UnauditedStorage.MESSAGE);
        assertThatThrownBy(all::orgs).hasMessage(UnauditedStorage.MESSAGE);
        StringWriter out = new StringWriter();
        assertThatThrownBy(() ->
                        smartData.exports(operator(smartData, ACME)).events(EventRange.all(), ExportFormat.NDJSON, out))
                .hasMessage(UnauditedStorage.MESSAGE);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aJobBegunByHandIsInTheLogOfTheSystemAndInNoOrgs() {
        SmartData smartData = platform();
        ingest(smartData, ACME, 1);
        CrossOrg all = smartData.crossOrg(smartData.access().crossOrg(ALICE));
        assertThatThrownBy(() -> all.runJob("no such job")).hasMessageContaining("no job");
        assertThat(all.runJob("compaction").job()).isEqualTo("compaction");
        assertThat(all.audit(ALL.withAction(AuditAction.RUN_JOB)))
                .extracting(AuditRecord::caller, found -> found.entry().target())
                .containsExactly(tuple(ALICE, "compaction"));
        assertThat(smartData.audit(operator(smartData, ACME)).list(ALL)).isEmpty();
    }

    // what is accounted for

    @Test
    void whatSomebodyMayHaveToAccountForIsInTheLog() {
        SmartData smartData = open(builder());
        ingest(smartData, ACME, 3);
        OrgScope acme = operator(smartData, ACME);
        smartData.exports(acme).events(EventRange.all(), ExportFormat.CSV, new StringWriter());
        smartData.kpis(acme).rebuild(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
        smartData.kpis(acme).changeZone(ZoneId.of("Asia/Tokyo"));
        smartData.kpis(acme).changeZone(ZoneId.of("Asia/Tokyo"));
        KpiCatalog catalog = KpiCatalog.of(Kpi.count("visits").event("visit"));
        SmartData declared = open(builder().kpis(catalog));
        assertThat(declared.audit(acme).list(ALL))
                .extracting(
                        AuditRecord::caller,
                        found -> found.entry().action(),
                        found -> found.entry().outcome())
                .containsExactly(
                        tuple(Caller.of("system"), AuditAction.CHANGE_DEFINITIONS, AuditEntry.Outcome.DONE),
                        tuple(ALICE, AuditAction.CHANGE_ZONE, AuditEntry.Outcome.DONE),
                        tuple(ALICE, AuditAction.REBUILD, AuditEntry.Outcome.DONE),
                        tuple(ALICE, AuditAction.EXPORT, AuditEntry.Outcome.BEGUN));
        assertThat(declared.audit(acme).list(ALL.withAction(AuditAction.CHANGE_ZONE)))
                .extracting(
                        found -> found.entry().target(),
                        found -> found.entry().detail().json())
                .containsExactly(tuple("Asia/Tokyo", "{\"before\":\"Z\"}"));
    }

    @Test
    void theLogIsForThoseWhoOperateTheOrg() {
        SmartData smartData = open(builder());
        OrgScope viewer = smartData.access().scope(ALICE, ACME, Permission.VIEW);
        assertThatThrownBy(() -> smartData.audit(viewer))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        OrgScope operator = operator(smartData, ACME);
        assertThatThrownBy(() -> smartData.audit(operator).list(ALL))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }

    @Test
    void rolesGrantWhatTheTableSays() {
        Map<Role, Set<Permission>> table = Map.of(
                Role.ORG_MEMBER, Set.of(),
                Role.ORG_VIEWER, Set.of(Permission.VIEW),
                Role.ORG_ADMIN, Set.of(Permission.VIEW, Permission.INGEST),
                Role.ORG_OWNER,
                        Set.of(
                                Permission.VIEW,
                                Permission.INGEST,
                                Permission.EXPORT,
                                Permission.VIEW_SENSITIVE,
                                Permission.VIEW_SUBJECTS),
                Role.OPERATOR, Set.of(Permission.OPERATE, Permission.INGEST, Permission.VIEW, Permission.EXPORT),
                Role.PLATFORM_ADMIN, Set.of(Permission.CROSS_ORG));
        for (Role role : Role.values()) {
            assertThat(role.permissions()).isEqualTo(table.get(role));
        }
    }
}
