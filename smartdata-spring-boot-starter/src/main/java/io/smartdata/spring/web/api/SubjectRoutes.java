package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.subject.Conversions;
import io.smartdata.core.subject.EntityConversions;
import io.smartdata.core.subject.Paths;
import io.smartdata.core.subject.SubjectProfile;
import io.smartdata.core.subject.SubjectState;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one subject did, and what all of them do after what. Subjects are parameters, so that no path in a log names one. */
final class SubjectRoutes implements RouteGroup {
    private static final Parameter<String> SUBJECT = Parameter.text("subject", "Who.");
    private static final Parameter<String> ENTITY =
            Parameter.text("entity", "Only what was done to this entity and to what lies below it.");
    private static final Parameter<String> FROM_NAME = Parameter.text("fromName", "Name of the first event.");
    private static final Parameter<String> TO_NAME = Parameter.text("toName", "Name of the later event.");
    private static final Parameter<Duration> WINDOW =
            span("window", "How much later the second event counts at most.").standard("P7D");
    private static final Parameter<Duration> GAP =
            span("gap", "Time without an event that ends a session.").standard("PT30M");
    private static final Parameter<Integer> LENGTH = Parameter.whole(
                    "length", "Most events of a path.", 1, Conversions.MAX_LENGTH)
            .standard(SubjectRoutes.STANDARD_LENGTH);
    private static final Parameter<Integer> LIMIT = Parameter.whole(
                    "limit", "Most entries of the answer.", 1, Conversions.MAX_LISTED)
            .standard(Cursor.STANDARD_LIMIT);

    private static final Duration STANDARD_WINDOW = Duration.ofDays(7);
    private static final Duration STANDARD_GAP = Duration.ofMinutes(30);
    private static final int STANDARD_LENGTH = 4;

    private final SmartData smartData;
    private final int maxDays;
    private final Workbench workbench;

    /**
     * @param maxDays most days of a range
     * @param workbench where raw events are gone through
     */
    SubjectRoutes(SmartData smartData, int maxDays, Workbench workbench) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.maxDays = maxDays;
        this.workbench = requireNonNull(workbench, "workbench");
    }

    private static Parameter<Duration> span(String name, String description) {
        return Parameter.text(name, description, "a time like PT30M or P7D", Duration::parse);
    }

    /** How far a subject has come. */
    record StateOfSubject(
            String subject,

            @About("By entity and name; events without an entity first.")
            List<Deed> items,

            @About("Events counted.") long events,

            @About("Whether some were left out, or there were too many events to look at.")
            boolean truncated,

            Instant dataFreshAsOf) {

        /** What a subject did of one kind to one entity. */
        record Deed(@Nullable String entity, String name, long count, Instant firstAt, Instant lastAt) {
            static Deed of(SubjectState.Item item) {
                return new Deed(item.entity(), item.name(), item.count(), item.firstAt(), item.lastAt());
            }
        }

        static StateOfSubject of(SubjectState state) {
            return new StateOfSubject(
                    state.subject(),
                    state.items().stream().map(Deed::of).toList(),
                    state.events(),
                    state.truncated(),
                    state.dataFreshAsOf());
        }
    }

    /** A subject at a glance. */
    record ProfileOfSubject(
            String subject,
            @About("Null if there is no event.") @Nullable Instant firstSeen,

            @About("Null if there is no event.") @Nullable Instant lastSeen,

            long events,
            @About("Local days with an event.") long activeDays,
            Map<String, Long> countsByName,
            Map<String, Long> countsBySource,

            @About("Whether some were left out, or there were too many events to look at.")
            boolean truncated,

            Instant dataFreshAsOf) {
        static ProfileOfSubject of(SubjectProfile profile) {
            return new ProfileOfSubject(
                    profile.subject(),
                    profile.firstSeen(),
                    profile.lastSeen(),
                    profile.events(),
                    profile.activeDays(),
                    profile.countsByName(),
                    profile.countsBySource(),
                    profile.truncated(),
                    profile.dataFreshAsOf());
        }
    }

    /** Of the subjects who did one thing to an entity, how many did another one to it afterwards. */
    record ConversionList(
            String fromName,
            String toName,
            @About("A time like P7D.") String window,

            @About("Most subjects first.") List<ConversionOfEntity> entities,

            @About("Entities that are not listed.") int moreEntities,

            @About("Part of the subjects looked at; below 1 counts are estimates.")
            double sampledShare,

            @About("Whether there were too many events to look at.")
            boolean truncated,

            Instant dataFreshAsOf) {

        /** Conversion at one entity. */
        record ConversionOfEntity(
                String entity,
                long subjects,
                long converted,
                @About("Converted of subjects, 0 to 1.") double rate,

                @About("Between the two events; null if nobody converted.") @Nullable
                Double medianSeconds) {
            static ConversionOfEntity of(EntityConversions.Entity entity) {
                Duration median = entity.medianTime();
                return new ConversionOfEntity(
                        entity.entity(),
                        entity.subjects(),
                        entity.converted(),
                        entity.rate(),
                        median == null ? null : median.toMillis() / 1_000.0);
            }
        }

        static ConversionList of(EntityConversions conversions) {
            return new ConversionList(
                    conversions.fromName(),
                    conversions.toName(),
                    conversions.window().toString(),
                    conversions.entities().stream().map(ConversionOfEntity::of).toList(),
                    conversions.moreEntities(),
                    conversions.sampledShare(),
                    conversions.truncated(),
                    conversions.dataFreshAsOf());
        }
    }

    /** How sessions begin. */
    record PathList(
            @About("Most sessions first.") List<KnownPath> paths,
            @About("Of all subjects, listed or not.") long sessions,

            @About("Different paths that are not listed.") int morePaths,

            @About("Part of the subjects looked at; below 1 counts are estimates.")
            double sampledShare,

            @About("Whether there were too many events to look at.")
            boolean truncated,

            Instant dataFreshAsOf) {

        /** The first events of sessions. */
        record KnownPath(
                @About("Names of the events.") List<String> names,
                long sessions,
                long subjects,
                @About("Of all sessions, 0 to 1.") double share) {
            static KnownPath of(Paths.Path path) {
                return new KnownPath(path.names(), path.sessions(), path.subjects(), path.share());
            }
        }

        static PathList of(Paths paths) {
            return new PathList(
                    paths.paths().stream().map(KnownPath::of).toList(),
                    paths.sessions(),
                    paths.morePaths(),
                    paths.sampledShare(),
                    paths.truncated(),
                    paths.dataFreshAsOf());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/subjects/state", "getSubjectState", "How often a subject did what to which entity.")
                        .needs(Permission.VIEW_SUBJECTS)
                        .offers("Subjects.state")
                        .requires(SUBJECT)
                        .with(ENTITY, Days.FROM, Days.TO)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(StateOfSubject.class, this::state),
                Route.get("/subjects/profile", "getSubjectProfile", "When a subject was seen, and what of it.")
                        .needs(Permission.VIEW_SUBJECTS)
                        .offers("Subjects.profile")
                        .requires(SUBJECT)
                        .with(Days.FROM, Days.TO)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(ProfileOfSubject.class, this::profile),
                Route.get(
                                "/conversions",
                                "listConversions",
                                "Of the subjects who did one thing to an entity, how many did another one afterwards.")
                        .needs(Permission.VIEW)
                        .offers("Conversions.byEntity")
                        .requires(FROM_NAME, TO_NAME)
                        .with(Days.FROM, Days.TO, WINDOW, LIMIT)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(ConversionList.class, this::conversions),
                Route.get("/paths", "listPaths", "What subjects do one after the other, most frequent first.")
                        .needs(Permission.VIEW)
                        .offers("Conversions.paths")
                        .with(Days.FROM, Days.TO, LENGTH, GAP, LIMIT)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED)
                        .answers(PathList.class, this::paths));
    }

    private Days days(Call call) {
        return Days.asked(
                call,
                maxDays,
                () -> smartData
                        .zone(call.scope())
                        .orElseThrow(() ->
                                new SmartDataException(ErrorCode.UNKNOWN_ORG.code(), ErrorCode.UNKNOWN_ORG.meaning())));
    }

    private StateOfSubject state(Call call) {
        Days days = days(call);
        return StateOfSubject.of(workbench.use(() -> smartData
                .subjects(call.scope())
                .state(call.required(SUBJECT), call.get(ENTITY).orElse(null), days.from(), days.to())));
    }

    private ProfileOfSubject profile(Call call) {
        Days days = days(call);
        return ProfileOfSubject.of(workbench.use(
                () -> smartData.subjects(call.scope()).profile(call.required(SUBJECT), days.from(), days.to())));
    }

    private ConversionList conversions(Call call) {
        Days days = days(call);
        return ConversionList.of(workbench.use(() -> smartData
                .conversions(call.scope())
                .byEntity(
                        call.required(FROM_NAME),
                        call.required(TO_NAME),
                        days.from(),
                        days.to(),
                        call.get(WINDOW, STANDARD_WINDOW),
                        call.get(LIMIT, Cursor.STANDARD_LIMIT))));
    }

    private PathList paths(Call call) {
        Days days = days(call);
        return PathList.of(workbench.use(() -> smartData
                .conversions(call.scope())
                .paths(
                        days.from(),
                        days.to(),
                        call.get(LENGTH, STANDARD_LENGTH),
                        call.get(GAP, STANDARD_GAP),
                        call.get(LIMIT, Cursor.STANDARD_LIMIT))));
    }
}
