package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Cursor;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.StoredSource;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where events come from. */
final class SourceRoutes implements RouteGroup {
    private final SmartData smartData;

    SourceRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Some of them, by name. */
    record SourceList(
            List<SourceEntry> sources,

            @About("Cursor of the ones that follow; null at the end.") @Nullable
            String next) {}

    /** One of them. */
    record SourceEntry(
            String name,

            @About("Whether it was declared; else its first accepted event made it known.")
            boolean declared,

            @About(
                    "What happens to an event whose identity is stored with other content: the stored one stays, or the last wins.")
            ConflictPolicy conflicts,

            @About("Null if no event was accepted yet.") @Nullable
            Instant firstReceivedAt,

            @About("Null if no event was accepted yet.") @Nullable
            Instant lastReceivedAt) {
        static SourceEntry of(StoredSource source) {
            return new SourceEntry(
                    source.name(),
                    source.declared(),
                    source.conflictPolicy(),
                    source.firstReceivedAt(),
                    source.lastReceivedAt());
        }
    }

    /** A source to declare, or to change. */
    record SourceDeclaration(
            @About("1 to 200 readable characters.") String name,

            @About("What happens to its conflicts; unless given, the stored event stays.") @Nullable
            ConflictPolicy conflicts) {
        SourceDeclaration {
            if (name == null) {
                throw new SmartDataException("invalid_request", "name is missing: the name of a source.");
            }
        }
    }

    /** Which sources an org takes events of. */
    record SourcePolicy(
            @About("Whether events of sources that are not declared are rejected as unknown_source.")
            boolean declaredOnly) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/sources", "listSources", "Sources that were declared or had an event accepted, by name.")
                        .needs(Permission.VIEW)
                        .offers("Sources.list")
                        .with(Pages.LIMIT, Pages.CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(SourceList.class, this::list),
                Route.put("/sources", "declareSource", "Declares a source, or changes what happens to its conflicts.")
                        .needs(Permission.OPERATE)
                        .offers("Sources.declare")
                        .body(SourceDeclaration.class)
                        .errors(ErrorCode.INVALID_NAME, ErrorCode.INVALID_ENCODING)
                        .answersNothing(this::declare),
                Route.put(
                                "/sources/policy",
                                "setSourcePolicy",
                                "Whether the org takes events of declared sources only.")
                        .needs(Permission.OPERATE)
                        .offers("Sources.requireDeclared")
                        .body(SourcePolicy.class)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answersNothing(this::policy));
    }

    private SourceList list(Call call) {
        int limit = call.get(Pages.LIMIT, Pages.DEFAULT_LIMIT);
        String after = call.get(Pages.CURSOR)
                .map(cursor -> cursor.place(1, texts -> texts.get(0)))
                .orElse(null);
        List<SourceEntry> found = smartData.sources(call.scope()).list().stream()
                .sorted(Comparator.comparing(StoredSource::name))
                .filter(source -> after == null || source.name().compareTo(after) > 0)
                .limit(limit + 1L)
                .map(SourceEntry::of)
                .toList();
        return new SourceList(Pages.page(found, limit), Pages.next(found, limit, source -> Cursor.of(source.name())));
    }

    private void declare(Call call) {
        SourceDeclaration source = call.body(SourceDeclaration.class);
        smartData
                .sources(call.scope())
                .declare(source.name(), source.conflicts() == null ? ConflictPolicy.REJECT : source.conflicts());
    }

    private void policy(Call call) {
        smartData
                .sources(call.scope())
                .requireDeclared(call.body(SourcePolicy.class).declaredOnly());
    }
}
