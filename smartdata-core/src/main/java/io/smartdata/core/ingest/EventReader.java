package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from bytes: tells the format, splits, parses, checks, identifies and fingerprints. It streams: memory does
 * not grow with the input. A bad row is a {@link ReadEvent.Invalid}; an input whose structure is broken is an
 * {@link InvalidInputException}, which may come after good rows. Not thread-safe.
 *
 * <p>Names of columns and members are matched as {@link ReadOptions} says, those of columns without surrounding blanks.
 * Nothing else is trimmed or folded. An empty text is an absent field; with
 * {@link Identity#CONTENT} or {@link Identity#NATURAL} declared an id is a property like any other.
 *
 * @since 0.1.0
 */
public final class EventReader implements EventSource {
    /** JSON events looked at for an id before the identity is settled. */
    private static final int IDENTITY_LOOKAHEAD = 256;

    /** Bytes of these at most. */
    private static final int IDENTITY_LOOKAHEAD_BYTES = 1 << 20;

    /** Stands for the org of an input whose rows belong to several. */
    private static final OrgSettings NOBODY =
            new OrgSettings(OrgId.of("-"), ZoneOffset.UTC, 1, Instant.EPOCH, new byte[32]);

    private final ByteSource bytes;
    private final Format format;
    private final ReadOptions given;
    private final ReadOptions options;
    private final FieldMapping mapping;
    private final Map<String, String> detected = new LinkedHashMap<>();
    private final Deque<Row> ahead = new ArrayDeque<>();
    private final Rows rows;
    private final EventAssembler assembler;
    private final List<String> header;
    private boolean ended;
    private long contextOccurrence;
    private @Nullable String context;
    private @Nullable String envelopeOrg;

    /**
     * Opens an input.
     *
     * @param options how to read it
     * @param org whose events these are; gives the zone, the oldest time and the key of the fingerprints
     * @param now the clock, for times in the future
     * @param receiptId the call these events come with
     * @throws InvalidInputException if the start of the input shows that it cannot be read
     * @throws SmartDataException {@code unreadable_input} if the input fails
     */
    public static EventReader open(Input input, ReadOptions options, OrgSettings org, Instant now, UUID receiptId) {
        return open(input, options, org, now, receiptId, new OccurrenceCounter());
    }

    static EventReader open(
            Input input,
            ReadOptions options,
            OrgSettings org,
            Instant now,
            UUID receiptId,
            OccurrenceCounter occurrences) {
        try {
            ByteSource bytes = ByteSource.open(input, options.limits().maxRatio());
            try {
                return new EventReader(bytes, options, null, org, now, receiptId, occurrences);
            } catch (IOException | RuntimeException e) {
                bytes.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Opens an input of several orgs, to be read by {@link #rowsLeft} and {@link #only}. */
    static EventReader openUnrouted(Input input, ReadOptions options) {
        return open(input, options, NOBODY, Instant.EPOCH, new UUID(0, 0));
    }

    /**
     * Opens the payload of a dead letter, as it was or corrected.
     *
     * @param payload the bytes of {@link ReadEvent#original()}
     * @param format as {@link #format()}
     * @param context as {@link #context} gave it for the row
     * @throws IllegalArgumentException if {@code format} or {@code context} was not made by this class
     */
    public static EventReader replay(
            byte[] payload,
            String format,
            String context,
            Limits limits,
            OrgSettings org,
            Instant now,
            UUID receiptId) {
        return replay(payload, ReadContext.parse(format, context, limits), org, now, receiptId);
    }

    static EventReader replay(byte[] payload, ReadContext read, OrgSettings org, Instant now, UUID receiptId) {
        try {
            ByteSource bytes = ByteSource.plain(() -> new ByteArrayInputStream(payload));
            return new EventReader(bytes, read.options(), read, org, now, receiptId, new OccurrenceCounter());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private EventReader(
            ByteSource bytes,
            ReadOptions given,
            @Nullable ReadContext replay,
            OrgSettings org,
            Instant now,
            UUID receiptId,
            OccurrenceCounter occurrences)
            throws IOException {
        this.bytes = bytes;
        this.given = given;
        Detection detection = replay == null
                ? Detection.of(bytes, given)
                : new Detection(given.format(), given.charset() == null ? StandardCharsets.UTF_8 : given.charset());
        Charset charset = detection.charset();
        Limits limits = given.limits();
        this.format = detection.format();
        this.mapping = new FieldMapping(
                given.mapping(), given.identity() == Identity.AUTO || given.identity() == Identity.CLIENT);
        detected.put("format", format.code());
        detected.put("compression", bytes.gzip() ? "gzip" : "none");
        detected.put("charset", charset.name());
        Identity identity = given.identity();
        ReadOptions effective = given.withCharset(charset);
        List<String> names = List.of();
        if (format == Format.CSV) {
            CharSource source = new CharSource(bytes, charset);
            Character declared = given.delimiter();
            char delimiter = declared != null ? declared : CsvDelimiter.detect(source);
            CsvRows csv = replay == null
                    ? CsvRows.open(source, delimiter, given, mapping)
                    : CsvRows.under(replay.header(), source, delimiter, mapping, limits);
            detected.put(
                    "delimiter", delimiter == '\t' ? "tab" : delimiter == ',' ? "comma" : String.valueOf(delimiter));
            effective = effective.withDelimiter(delimiter);
            if (identity == Identity.AUTO) {
                identity = csv.has(Field.ID) ? Identity.CLIENT : Identity.CONTENT;
            }
            names = csv.header();
            this.rows = csv;
        } else {
            JsonEvent events = new JsonEvent(mapping, limits);
            if (replay != null) {
                this.rows = singleRow(bytes, new NdjsonRows.LineParser(charset, events, limits));
            } else if (format == Format.NDJSON) {
                if (!Detection.asciiLike(charset)) {
                    throw Detection.unsupported("NDJSON in " + charset.name() + ", whose lines cannot be told apart");
                }
                this.rows = new NdjsonRows(bytes, new NdjsonRows.LineParser(charset, events, limits));
            } else {
                this.rows =
                        new JsonRows(new CharSource(bytes, charset), events, limits, row -> checkEnvelope(row, org));
            }
        }
        this.header = names;
        this.assembler = new EventAssembler(
                given, identity, org, now, receiptId, occurrences, replay == null ? 1 : replay.occurrence());
        detected.put("zone", assembler.zone().getId());
        if (identity == Identity.AUTO) {
            identity = lookAhead();
            assembler.identity(identity);
        }
        this.options = effective.withZone(assembler.zone()).withIdentity(identity);
    }

    private static Rows singleRow(ByteSource bytes, NdjsonRows.LineParser parser) {
        return new Rows() {
            private boolean done;

            @Override
            public @Nullable Row next() throws IOException {
                if (done) {
                    return null;
                }
                done = true;
                return parser.parse(bytes.readAll(), 1);
            }
        };
    }

    /** The first events decide whether the sender gives ids; a bad one among them does not. */
    private Identity lookAhead() throws IOException {
        int size = 0;
        while (ahead.size() < IDENTITY_LOOKAHEAD && size < IDENTITY_LOOKAHEAD_BYTES) {
            Row row = rows.next();
            if (row == null) {
                ended = true;
                return Identity.CONTENT;
            }
            ahead.add(row);
            size += row.original.bytes().length;
            if (row.has(Field.ID)) {
                return Identity.CLIENT;
            }
        }
        return Identity.CONTENT;
    }

    private void checkEnvelope(Row envelope, OrgSettings org) {
        String named = envelope.text(Field.ORG);
        envelopeOrg = named;
        if (org != NOBODY && named != null && !named.equals(org.org().value())) {
            throw new InvalidInputException(
                    "org_mismatch",
                    0,
                    envelope.name(Field.ORG),
                    "The batch names an org that is not the one of this call. Nothing was stored. Remove the field or send it where it belongs.",
                    null);
        }
        List<String> ignored = envelope.senderNames();
        ignored.remove("events");
        if (!ignored.isEmpty()) {
            detected.put("ignored", ignored.size() <= 10 ? String.join(", ", ignored) : ignored.size() + " members");
        }
    }

    /**
     * The next row, or null at the end.
     *
     * @throws InvalidInputException if the input turns out to be broken; rows read so far came from a broken input
     * @throws SmartDataException {@code unreadable_input} if the input fails
     */
    @Override
    public @Nullable ReadEvent next() {
        try {
            Row row = row();
            return row == null ? null : assembler.assemble(row, () -> context(assembler.occurrence()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * The next row as it stands in the input: nothing is checked yet but the syntax. Null at the end.
     *
     * @throws IOException if the input fails
     */
    private @Nullable Row row() throws IOException {
        Row row = ahead.poll();
        if (row == null) {
            row = ended ? null : rows.next();
        }
        ended |= row == null;
        return row;
    }

    /** All rows that are left, at most {@code limit} and one. */
    List<Row> rowsLeft(int limit) {
        try {
            List<Row> left = new ArrayList<>();
            for (Row row = row(); row != null && left.size() <= limit; row = row()) {
                left.add(row);
            }
            return left;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The org that the object around the events names, once all rows are read; null if there is none. */
    @Nullable
    String envelopeOrg() {
        return envelopeOrg;
    }

    /** Some of the rows of an unrouted input, read for the org they belong to. */
    EventSource only(List<Row> some, OrgSettings org, Instant now, UUID receiptId) {
        return new RoutedRows(
                this, some, new EventAssembler(given, identity(), org, now, receiptId, new OccurrenceCounter(), 1));
    }

    /** As {@link #context(long)} for a row that was read in another zone. */
    String context(long occurrence, ZoneId zone) {
        return new ReadContext(options.withZone(zone), header, occurrence).json();
    }

    /**
     * What was detected and used: format, compression, charset, delimiter, zone, columns (as far as read), members of an
     * envelope that were ignored.
     */
    @Override
    public Map<String, String> detected() {
        Map<String, String> all = new LinkedHashMap<>(detected);
        all.put("columns", mapping.describe());
        return all;
    }

    /** The rule that makes the ids; never {@link Identity#AUTO}. */
    @Override
    public Identity identity() {
        return assembler.identity();
    }

    /** {@code csv}, {@code json} or {@code ndjson}. */
    @Override
    public String format() {
        return format.code();
    }

    @Override
    public String context(long occurrence) {
        String known = context;
        if (known == null || contextOccurrence != occurrence) {
            known = new ReadContext(options, header, occurrence).json();
            context = known;
            contextOccurrence = occurrence;
        }
        return known;
    }

    /** Bytes of the input consumed so far, before inflating. */
    @Override
    public long bytesRead() {
        return bytes.bytesRead();
    }

    @Override
    public void close() {
        try (bytes) {
            assembler.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static SmartDataException unreadable(IOException cause) {
        return new SmartDataException(
                "unreadable_input",
                "The input could not be read to its end. Rows behind the failure are unknown. Try again; what was stored is recognised.",
                cause);
    }
}
