package io.smartdata.spring.web.api;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Json;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.tenancy.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of a log of who did what, the newest first. */
record AuditLines(
        List<AuditLine> entries,

        @About("Cursor of the next page; null after the last.") @Nullable
        String next) {
    private static final Parameter<Instant> SINCE = Parameter.moment("since", "Only entries from then on.");
    private static final Parameter<AuditAction> ACTION =
            Parameter.choice("action", "Only entries of what was done.", AuditAction.class);
    private static final Parameter<String> CALLER = Parameter.text("caller", "Only entries of who did it.");
    private static final Parameter<AuditRecord> CURSOR = Parameter.text(
            "cursor", "The next of the page before.", "the next of an earlier answer", AuditLines::place);

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** What a request may say. */
    static final Parameter<?>[] PARAMETERS = {SINCE, ACTION, CALLER, Cursor.LIMIT, CURSOR};

    /** One thing that was done. */
    record AuditLine(
            UUID id,
            Instant at,
            @About("Who did it.") String caller,
            AuditAction action,
            @About("To what.") String target,
            @About("Counts, ranges and names.") Map<String, Object> detail,

            @About("done: committed with this entry; begun: it was about to begin.")
            AuditEntry.Outcome outcome) {
        static AuditLine of(AuditRecord found) {
            return new AuditLine(
                    found.id(),
                    found.at(),
                    found.caller().name(),
                    found.entry().action(),
                    found.entry().target(),
                    Json.object(found.entry().detail().json()),
                    found.entry().outcome());
        }
    }

    /** The page that a request asks for. */
    static AuditLines of(Call call, Function<AuditQuery, List<AuditRecord>> log) {
        int limit = call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT);
        AuditQuery query = new AuditQuery(
                call.get(SINCE, Instant.EPOCH),
                call.get(ACTION).orElse(null),
                call.get(CALLER).orElse(null),
                call.get(CURSOR).orElse(null),
                limit + 1);
        Cursor.Page<AuditRecord> page = Cursor.Page.of(
                log.apply(query),
                limit,
                found -> Cursor.of(found.at().toString(), found.id().toString()));
        return new AuditLines(page.map(AuditLine::of), page.next());
    }

    /** Of an entry only its place counts. */
    private static AuditRecord place(String text) {
        Cursor cursor = Cursor.parameter(2).parser().apply(text);
        Instant at = Instant.parse(cursor.part(0));
        if (at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)) {
            throw new IllegalArgumentException("No entry was written then");
        }
        return new AuditRecord(
                UUID.fromString(cursor.part(1)),
                at,
                Caller.of("any"),
                AuditEntry.begun(AuditAction.EXPORT, "any", Map.of()));
    }
}
