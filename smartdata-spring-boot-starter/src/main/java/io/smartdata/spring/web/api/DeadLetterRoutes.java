package io.smartdata.spring.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.deadletter.DeadLetters;
import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.ingest.Transformation;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Cursor;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Refusal;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.DeadLetterCount;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events that were not accepted: why, and another try. */
final class DeadLetterRoutes implements RouteGroup {
    private static final Parameter<UUID> ID =
            Parameter.id("id", "Id of a dead letter.").inPath();
    private static final Parameter<DeadLetter.Status> STATUS =
            Parameter.choice("status", "What became of them; unless given, whatever did.", DeadLetter.Status.class);
    private static final Parameter<Set<RejectionCode>> CODES = Parameter.text(
            "codes",
            "Why they were not accepted.",
            "codes with commas between, as invalid_time,id_conflict",
            DeadLetterRoutes::codes);
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only of calls that named this source.");
    private static final Parameter<UUID> RECEIPT = Parameter.id("receipt", "Only of this call.");
    private static final Parameter<Instant> FROM = Parameter.moment("from", "Only received then or later.");
    private static final Parameter<Instant> TO = Parameter.moment("to", "Only received before.");

    private static final Parameter<Set<UUID>> IDS =
            Parameter.text("ids", "Only these.", "up to 100 ids with commas between", DeadLetterRoutes::ids);
    private static final Parameter<Boolean> ALL = Parameter.flag("all", "Must be true where no condition is given.");

    private static final int MAX_IDS = 100;

    private static final ErrorCode[] TRIES = {
        ErrorCode.THROTTLED, ErrorCode.QUOTA_EXCEEDED, ErrorCode.GENERATION_MOVED, ErrorCode.UNKNOWN_OUTCOME
    };

    /** A replay takes a transaction for each letter; whoever has more calls again. */
    private static final int MAX_REPLAYED = 10_000;

    private static final int REPLAYED = 1_000;

    private final SmartData smartData;

    DeadLetterRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Some of them, oldest first. */
    record LetterPage(
            List<LetterEntry> deadLetters,

            @About("Cursor of the ones that follow; null at the end.") @Nullable
            String next) {}

    /** One of them, without its bytes. */
    record LetterEntry(
            UUID id,
            UUID receiptId,
            String source,

            @About("Line of CSV and NDJSON, else place in the batch; from 1.")
            long row,

            RejectionCode reason,
            @About("The member at fault.") @Nullable String field,
            String message,

            @About("csv, json or ndjson: of the bytes that are kept.")
            String format,

            DeadLetter.Status status,

            @About("Replays tried since it was kept or opened again.")
            int attempts,

            @About("Why it was given up.") @Nullable String note,
            @Nullable Instant receivedAt) {
        static LetterEntry of(DeadLetter letter) {
            return new LetterEntry(
                    letter.id(),
                    letter.receiptId(),
                    letter.source(),
                    letter.row(),
                    letter.rejection().code(),
                    letter.rejection().field(),
                    letter.rejection().message(),
                    letter.format(),
                    letter.status(),
                    letter.attempts(),
                    letter.note(),
                    letter.receivedAt());
        }
    }

    /** Where to look first. */
    record LetterCounts(List<LetterCount> counts) {}

    /** How many have a reason, a source and a fate in common. */
    record LetterCount(
            RejectionCode reason, String source, DeadLetter.Status status, long letters, Instant first, Instant last) {
        static LetterCount of(DeadLetterCount count) {
            return new LetterCount(
                    count.code(), count.source(), count.status(), count.letters(), count.first(), count.last());
        }
    }

    /** What to do to each payload before it is read; exactly one of these. */
    record FixStep(
            @Nullable FixRename rename,
            @Nullable FixSet set,
            @Nullable FixDrop drop,
            @Nullable FixCast cast) {
        Transformation appendTo(Transformation fix) {
            try {
                if (rename != null && set == null && drop == null && cast == null) {
                    return fix.rename(rename.from(), rename.to());
                }
                if (set != null && rename == null && drop == null && cast == null) {
                    return fix.set(set.field(), set.value());
                }
                if (drop != null && rename == null && set == null && cast == null) {
                    return fix.drop(drop.field());
                }
                if (cast != null && rename == null && set == null && drop == null) {
                    return fix.cast(cast.field(), cast.type());
                }
            } catch (IllegalArgumentException | NullPointerException e) {
                throw unusable(e);
            }
            throw unusable(null);
        }

        private static SmartDataException unusable(@Nullable Exception cause) {
            return new SmartDataException(
                    "invalid_transformation",
                    "A step of fix must be exactly one of rename {from, to}, set {field, value}, drop {field} and cast {field, type}, with readable names. Nothing was replayed.",
                    cause);
        }
    }

    /** Gives a field another name. */
    record FixRename(String from, String to) {}

    /** Gives a field a text, whether it was there or not. */
    record FixSet(String field, String value) {}

    /** Leaves a field out. */
    record FixDrop(String field) {}

    /** Writes the value of a field as another type. */
    record FixCast(String field, Transformation.Type type) {}

    /** How to try letters again. */
    record ReplayOrder(
            @About("Done to each payload in this order; the bytes that are kept never change.") @Nullable
            List<FixStep> fix,

            @About("Only to find out what would happen.") @Nullable
            Boolean dryRun,

            @About("Letters that were tried so often are left alone; unless given, 5.") @Nullable
            Integer maxAttempts,

            @About("Most letters to try, 1 to 10000; unless given, 1000. While more is true, call again.") @Nullable
            Integer limit) {
        ReplayOrder {
            Bodies.bounds("maxAttempts", maxAttempts, Integer.MAX_VALUE);
            Bodies.bounds("limit", limit, MAX_REPLAYED);
        }

        ReplayRequest request(DeadLetterFilter filter) {
            Transformation all = Transformation.none();
            for (FixStep step : fix == null ? List.<FixStep>of() : Bodies.whole("fix", fix)) {
                all = step.appendTo(all);
            }
            ReplayRequest request = ReplayRequest.of(filter)
                    .withFix(all)
                    .withDryRun(requireNonNullElse(dryRun, false))
                    .withLimit(requireNonNullElse(limit, REPLAYED));
            return maxAttempts == null ? request : request.withMaxAttempts(maxAttempts);
        }
    }

    /** How to try one letter again. */
    record LetterReplay(
            @About("Read in place of the bytes that are kept, in their format.") @Nullable
            String payload,

            @About("Only to find out what would happen.") @Nullable
            Boolean dryRun) {}

    /** What a replay did; every letter it came by is in one of the counts. */
    record ReplayAnswer(
            long letters,
            @About("Whose events were stored now.") long accepted,
            @About("Whose events were stored before.") long duplicates,
            @About("That were tried and stay open.") long failed,
            Map<String, Long> failedByReason,

            @About("That stay open because they were tried as often as allowed.")
            long atCap,

            @About("That stay open, untried, because an earlier letter of the same subject does.")
            long heldBack,

            @About("That were not open any more.") long settledBefore,

            @About("The first of those that failed, at most 100.")
            List<Receipt.Failed> failures,

            @About("Whether there are letters left that were not come by; the same call goes on.")
            boolean more,

            @About("Why it was stopped on the way.") @Nullable
            Refusal stopped,

            boolean dryRun) {
        static ReplayAnswer of(ReplayReport report, Call call) {
            Map<String, Long> byReason = new TreeMap<>();
            report.failedByCode().forEach((code, letters) -> byReason.put(code.code(), letters));
            RetryLaterException stopped = report.stopped();
            return new ReplayAnswer(
                    report.letters(),
                    report.accepted(),
                    report.duplicates(),
                    report.failed(),
                    byReason,
                    report.atCap(),
                    report.heldBack(),
                    report.settledBefore(),
                    Receipt.Failed.of(report.failures()),
                    report.more(),
                    stopped == null ? null : call.refusal(stopped),
                    report.dryRun());
        }
    }

    /** Why letters are given up. */
    record DiscardOrder(
            @About("1 to 500 characters, kept with them.") String note) {
        DiscardOrder {
            if (note == null || note.isBlank() || note.length() > 500) {
                throw new SmartDataException(
                        "invalid_request", "note must have 1 to 500 characters. Nothing was changed.");
            }
        }
    }

    /** How many letters were changed. */
    record ChangedLetters(long letters) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/dead-letters", "listDeadLetters", "Events that were not accepted, oldest first.")
                        .needs(Permission.OPERATE)
                        .offers("DeadLetters.list")
                        .with(STATUS, CODES, SOURCE, RECEIPT, FROM, TO, Pages.LIMIT, Pages.CURSOR)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(LetterPage.class, this::list),
                Route.get("/dead-letters/counts", "countDeadLetters", "How many there are by reason, source and fate.")
                        .needs(Permission.OPERATE)
                        .offers("DeadLetters.counts")
                        .with(STATUS, CODES, SOURCE, RECEIPT, FROM, TO)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(LetterCounts.class, this::counts),
                Route.post("/dead-letters/replay", "replayDeadLetters", "Tries open letters again, oldest first.")
                        .needs(Permission.OPERATE, Permission.INGEST)
                        .offers("DeadLetters.replay")
                        .with(IDS, CODES, SOURCE, RECEIPT, FROM, TO, ALL)
                        .optionalBody(ReplayOrder.class)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.INVALID_TRANSFORMATION)
                        .errors(TRIES)
                        .answers(ReplayAnswer.class, this::replay),
                Route.post("/dead-letters/discard", "discardDeadLetters", "Gives up on open letters; they stay.")
                        .needs(Permission.OPERATE)
                        .offers("DeadLetters.discard")
                        .with(IDS, CODES, SOURCE, RECEIPT, FROM, TO, ALL)
                        .body(DiscardOrder.class)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(ChangedLetters.class, this::discard),
                Route.post("/dead-letters/reopen", "reopenDeadLetters", "Opens letters again that were given up.")
                        .needs(Permission.OPERATE)
                        .offers("DeadLetters.reopen")
                        .with(IDS, CODES, SOURCE, RECEIPT, FROM, TO, ALL)
                        .errors(ErrorCode.UNKNOWN_ORG)
                        .answers(ChangedLetters.class, this::reopen),
                Route.get("/dead-letters/{id}", "getDeadLetter", "Why one event was not accepted.")
                        .needs(Permission.OPERATE)
                        .offers("DeadLetters.get")
                        .with(ID)
                        .errors(ErrorCode.UNKNOWN_DEAD_LETTER)
                        .answers(LetterEntry.class, this::letter),
                Route.get("/dead-letters/{id}/payload", "getDeadLetterPayload", "Its bytes as they came.")
                        .needs(Permission.OPERATE, Permission.VIEW_SENSITIVE)
                        .offers("DeadLetters.payload")
                        .with(ID)
                        .errors(ErrorCode.UNKNOWN_DEAD_LETTER)
                        .streams(List.of("application/octet-stream"), this::payload),
                Route.post(
                                "/dead-letters/{id}/replay",
                                "replayDeadLetter",
                                "Tries one letter again, also with edited bytes.")
                        .needs(Permission.OPERATE, Permission.INGEST)
                        .offers("DeadLetters.replay")
                        .with(ID)
                        .optionalBody(LetterReplay.class)
                        .errors(ErrorCode.UNKNOWN_DEAD_LETTER)
                        .errors(TRIES)
                        .answers(ReplayAnswer.class, this::replayOne));
    }

    private LetterPage list(Call call) {
        int limit = call.get(Pages.LIMIT, Pages.DEFAULT_LIMIT);
        DeadLetter after = call.get(Pages.CURSOR)
                .map(cursor -> cursor.place(4, DeadLetterRoutes::place))
                .orElse(null);
        List<DeadLetter> found = deadLetters(call).list(new DeadLetterQuery(listed(call), after, limit + 1));
        return new LetterPage(
                Pages.page(found, limit).stream().map(LetterEntry::of).toList(),
                Pages.next(found, limit, DeadLetterRoutes::cursor));
    }

    private static Cursor cursor(DeadLetter last) {
        return Cursor.of(String.valueOf(last.receivedAt()), last.receiptId(), last.row(), last.id());
    }

    /** Only the place of the letter before counts, and that may be gone by now. */
    private static DeadLetter place(List<String> texts) {
        return new DeadLetter(
                UUID.fromString(texts.get(3)),
                UUID.fromString(texts.get(1)),
                "",
                Long.parseLong(texts.get(2)),
                new Rejection(RejectionCode.INVALID_JSON, null, ""),
                "",
                Parameter.moment(texts.get(0)),
                DeadLetter.Status.OPEN,
                0,
                null);
    }

    private LetterCounts counts(Call call) {
        return new LetterCounts(deadLetters(call).counts(listed(call)).stream()
                .map(LetterCount::of)
                .toList());
    }

    private static DeadLetterFilter listed(Call call) {
        return filter(call).withStatus(call.get(STATUS).orElse(null));
    }

    private static DeadLetterFilter filter(Call call) {
        return DeadLetterFilter.any()
                .withCodes(call.get(CODES, Set.of()))
                .withSource(call.get(SOURCE).orElse(null))
                .withReceipt(call.get(RECEIPT).orElse(null))
                .withReceived(call.get(FROM).orElse(null), call.get(TO).orElse(null));
    }

    private static Set<RejectionCode> codes(String text) {
        return Arrays.stream(text.split(",", -1)).map(RejectionCode::ofCode).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<UUID> ids(String text) {
        Set<UUID> ids =
                Arrays.stream(text.split(",", -1)).map(UUID::fromString).collect(Collectors.toUnmodifiableSet());
        if (ids.size() > MAX_IDS) {
            throw new IllegalArgumentException("Too many");
        }
        return ids;
    }

    private LetterEntry letter(Call call) {
        return LetterEntry.of(deadLetters(call).get(call.known(ID, ErrorCode.UNKNOWN_DEAD_LETTER)));
    }

    private Route.Download payload(Call call) {
        UUID id = call.known(ID, ErrorCode.UNKNOWN_DEAD_LETTER);
        byte[] payload = deadLetters(call).payload(id);
        return new Route.Download("application/octet-stream", "dead-letter-" + id, out -> out.write(payload));
    }

    private ReplayAnswer replay(Call call) {
        ReplayOrder order = call.body(ReplayOrder.class, () -> new ReplayOrder(null, null, null, null));
        return ReplayAnswer.of(deadLetters(call).replay(order.request(chosen(call))), call);
    }

    /** All letters of an org are not to be changed by a condition forgotten. */
    private static DeadLetterFilter chosen(Call call) {
        DeadLetterFilter chosen = filter(call).withIds(call.get(IDS, Set.of()));
        if (chosen.equals(DeadLetterFilter.any()) && !call.get(ALL, false)) {
            throw new SmartDataException(
                    "invalid_request",
                    "Say which letters: ids, codes, source, receipt, from or to, or all=true. Nothing was changed.");
        }
        return chosen;
    }

    private ReplayAnswer replayOne(Call call) {
        UUID id = call.known(ID, ErrorCode.UNKNOWN_DEAD_LETTER);
        LetterReplay order = call.body(LetterReplay.class, () -> new LetterReplay(null, null));
        boolean dryRun = requireNonNullElse(order.dryRun(), false);
        DeadLetters letters = deadLetters(call);
        String payload = order.payload();
        if (payload != null) {
            return ReplayAnswer.of(letters.replay(id, payload.getBytes(UTF_8), dryRun), call);
        }
        if (!dryRun) {
            return ReplayAnswer.of(letters.replay(id), call);
        }
        DeadLetterFilter only =
                DeadLetterFilter.open().withIds(Set.of(letters.get(id).id()));
        return ReplayAnswer.of(
                letters.replay(ReplayRequest.of(only).withDryRun(true).withMaxAttempts(Integer.MAX_VALUE)), call);
    }

    private ChangedLetters discard(Call call) {
        String note = call.body(DiscardOrder.class).note();
        return new ChangedLetters(deadLetters(call).discard(chosen(call), note));
    }

    private ChangedLetters reopen(Call call) {
        return new ChangedLetters(deadLetters(call).reopen(chosen(call)));
    }

    private DeadLetters deadLetters(Call call) {
        return smartData.deadLetters(call.scope());
    }
}
