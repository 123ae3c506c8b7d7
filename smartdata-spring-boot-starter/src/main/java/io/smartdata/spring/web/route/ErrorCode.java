package io.smartdata.spring.web.route;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a request as a whole is refused. Codes are part of the contract; what is wrong with single events has codes of its own,
 * {@link io.smartdata.event.RejectionCode}.
 *
 * @since 0.1.0
 */
public enum ErrorCode {
    INVALID_REQUEST(
            400, "A parameter or a member of the body is missing, unknown or not what it must be; detail names it."),
    ORG_MISSING(400, "The caller has several orgs or none, and the request names none. Add the parameter org."),
    EMPTY_INPUT(400, "The body is empty."),
    INVALID_JSON(400, "The body cannot be read as JSON. Nothing was stored."),
    INVALID_CSV(400, "The body cannot be read as CSV. Nothing was stored."),
    INVALID_GZIP(400, "The body is not whole gzip. Nothing was stored."),
    INVALID_ENCODING(400, "The body is not valid in its character set. Nothing was stored."),
    RATIO(400, "The body inflates to more than is plausible. Nothing was stored."),
    TOO_DEEP(400, "The object around the events is nested too deeply. Nothing was stored."),
    TOO_MANY_PROPERTIES(400, "The object around the events has too many members. Nothing was stored."),
    EVENT_TOO_LARGE(400, "The object around the events is too large. Nothing was stored."),
    DUPLICATE_FIELD(400, "A column, or a member around the events, is there twice. Nothing was stored."),
    MISSING_ID(400, "The CSV has no column of ids, which the identity asks for. Nothing was stored."),
    MISSING_NAME(400, "The CSV has no column of names, and no default name was given. Nothing was stored."),
    MISSING_TIME(400, "The CSV has no column of times. Nothing was stored."),
    INVALID_NAME(400, "A name is blank, too long or has control characters. Nothing was changed."),
    ORG_MISMATCH(400, "The object around the events names another org than the request. Nothing was stored."),
    UNREADABLE_INPUT(400, "The body could not be read to its end. Send it again: what was stored is recognised."),
    INVALID_EVENTS(400, "A strict or validated upload has events that cannot be accepted. Nothing was stored."),
    STRICT_TOO_LARGE(400, "A strict upload has more rows than one transaction takes. Send it as validated or lenient."),
    GRAIN_TOO_FINE(400, "The KPI is not kept that finely."),
    ANSWER_TOO_LARGE(
            400,
            "The breakdown has more figures than memory has room for. Ask for fewer days, a coarser grain or the top."),
    INVALID_TRANSFORMATION(400, "The fix for dead letters cannot be read. Nothing was changed."),
    INVALID_DETECTOR_OPTION(400, "The detector does not take that option. Nothing was judged."),
    RAW_GONE(400, "The raw events of those days are no longer kept. Nothing was changed."),
    UNAUTHENTICATED(401, "Nobody is logged in."),
    NOT_PERMITTED(403, "The access policy does not grant that here; the same for orgs that exist and others."),
    UNKNOWN_ORG(404, "The org has no data yet."),
    UNKNOWN_KPI(404, "The org has no KPI of that name."),
    UNKNOWN_DIMENSION(404, "The KPI is not kept by that dimension."),
    UNKNOWN_RECEIPT(404, "The org has no receipt of that id."),
    UNKNOWN_UPLOAD(404, "No upload of yours under that id is known to this node."),
    UNKNOWN_DEAD_LETTER(404, "The org has no dead letter of that id."),
    UNKNOWN_EXPORT(404, "The org has no export of that id, or it has expired."),
    UNKNOWN_ANOMALY(404, "No anomaly was found there."),
    UNKNOWN_INCIDENT(404, "The org has no incident of that id."),
    UNKNOWN_MARK(404, "Nothing of that kind is said of that KPI and first day."),
    UNKNOWN_JOB(404, "There is no job of that name."),
    UNKNOWN_MODEL(404, "There is no forecast model of that name."),
    UNKNOWN_DETECTOR(404, "There is no detector of that name."),
    NO_FORECAST(404, "Nothing was learnt for that KPI yet."),
    NOT_FOUND(404, "There is nothing at this address."),
    METHOD_NOT_ALLOWED(405, "The address takes other methods; Allow lists them."),
    BODY_TIMED_OUT(408, "The body took longer than this host waits for one. Nothing was stored. Send less at once."),
    UPLOAD_TIMED_OUT(408, "The upload took longer than this host waits for one. Nothing was stored."),
    IDEMPOTENCY_KEY_REUSED(409, "The key was used for a call with other content. Nothing was stored."),
    EXPORT_NOT_DONE(409, "The export is not finished, or failed."),
    EXPORT_BROKEN(409, "The export was removed while it was read, or is damaged. Ask for it again."),
    JOB_RUNNING(409, "The job is running on a node already. Nothing was started."),
    TOO_MANY_EXPORTS(409, "The org has as many exports as it may. Discard one."),
    UPLOAD_RUNNING(409, "An upload of yours under that id is running. Nothing was stored by this one."),
    UPLOAD_CANCELLED(409, "The upload was cancelled while it ran; detail says what was stored before."),
    BATCH_TOO_LARGE(413, "The body has too many bytes or events. Nothing was stored. Split it."),
    UPLOAD_TOO_LARGE(
            413, "The upload has more bytes than this host takes; detail names the property. Nothing was stored."),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of a type that is not taken here, or not in UTF-8."),
    EVENT_REJECTED(422, "The event was not accepted; reason says why. Its bytes are in the dead letters."),
    THROTTLED(
            429,
            "Too much at once, of this org or on this node. Nothing was stored. Retry-After says when to try again."),
    QUOTA_EXCEEDED(429, "The org has reached what was agreed for it. Nothing was stored."),
    INTERNAL_ERROR(500, "Something went wrong on the server. The log has it under the requestId."),
    STORE_UNAVAILABLE(
            503, "The database cannot be reached now. Try again later; sending the same events again is safe."),
    UNKNOWN_OUTCOME(503, "The connection to the database was lost while committing. Send it again, it is safe."),
    UPLOAD_NOT_KEPT(503, "This node has no room on disk for the upload now. Nothing was stored. Try again later."),
    GENERATION_MOVED(503, "KPI definitions were changed at this moment. Nothing was stored. Try again."),
    ORG_RESOLVER_FAILED(
            503, "The application could not tell the org of an event. Nothing was stored. Try again later.");

    private final int status;
    private final String meaning;

    ErrorCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The stable, snake_case code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of the answer. */
    public int status() {
        return status;
    }

    /** What happened, what it means for the data, what to do. */
    public String meaning() {
        return meaning;
    }

    /** The code of that name, if the API has it. */
    static Optional<ErrorCode> find(String code) {
        return Arrays.stream(values())
                .filter(error -> error.code().equals(code))
                .findFirst();
    }
}
