package io.smartdata.core.leak;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.core.SmartData;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.Event;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Tries whether any operation tells one org about another. Two orgs that are alike in everything, the twins, make the same
 * calls one after the other: the first with something that a third org has, the second with something that nobody has.
 * Whatever they are answered has to be the same, and no word of the third org may be in an answer, a log line, a meter or an
 * audit entry.
 *
 * <p>Left out of the comparison: random ids, times from the start of the kit on, durations, the orgs' own names and hash
 * keys, and what was asked with, where it comes back.
 */
public final class LeakKit implements AutoCloseable {
    /** In every text of the third org, and instead of it in what nobody has: as long. */
    private static final String CANARY = "canary";

    private static final String NOBODYS = "nobody";

    private static final List<String> TWINS = List.of("twin-1", "twin-2");

    /** The database may have a clock of its own. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private static final String THEIR_ORG = CANARY + "-org";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private final Instant start = Instant.now().minus(CLOCKS_APART);
    private final SmartData smartData;
    private final Map<Probe, String> theirs;
    private final Map<Probe, String> nobodys = new EnumMap<>(Probe.class);
    private final Set<Probe> asked = EnumSet.noneOf(Probe.class);
    private final List<String> leaks = new ArrayList<>();
    private int compared;

    /**
     * Fills the third org and the twins.
     *
     * @param settings of the host; storage, policy, directory, resolver, meters and clock are set here
     * @param storage without data, not yet opened; closed with the kit
     */
    public LeakKit(SmartData.Builder settings, Storage storage) {
        smartData = settings.storage(storage)
                .accessPolicy((caller, org, permission) -> caller.name().equals("user of " + org))
                .orgDirectory(org -> Optional.of(OrgProfile.defaults())
                        .filter(profile -> !org.value().contains(NOBODYS)))
                .orgResolver(clues -> Optional.ofNullable(clues.entity())
                        .filter(entity -> entity.contains(CANARY))
                        .map(entity -> OrgId.of(THEIR_ORG)))
                .meters(Meters.of(meters))
                .clock(Clock.fixed(Member.NOW, ZoneOffset.UTC))
                .build();
        theirs = member(THEIR_ORG).fill(CANARY);
        theirs.forEach((probe, text) -> nobodys.put(probe, likeButNobodys(text)));
        member(TWINS.get(0)).fill("own");
        member(TWINS.get(1)).fill("own");
        smartData.jobs().run("exports");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    /** As long, of the same form. */
    private static String likeButNobodys(String text) {
        return text.contains(CANARY)
                ? text.replace(CANARY, NOBODYS)
                : UUID.randomUUID().toString();
    }

    private Member member(String org) {
        return Member.of(smartData, org);
    }

    /** Pairs of answers that were compared so far. */
    public int compared() {
        return compared;
    }

    @Override
    public void close() {
        System.setErr(stderr);
        smartData.close();
    }

    /**
     * Tries every line: first what asks for nothing foreign, then what does, then the first ones again, since what was asked
     * may have left something behind.
     *
     * @return what was found, in words; empty if there is no leak
     */
    List<String> tryAll(LeakMatrix matrix) {
        List<LeakMatrix.Row> own =
                matrix.rows().stream().filter(row -> row.probe() == null).toList();
        own.forEach(this::tryOut);
        matrix.rows().stream().filter(row -> row.probe() != null).forEach(this::tryOut);
        own.forEach(this::tryOut);
        look("the log", log.toString(StandardCharsets.UTF_8));
        meters.getMeters().forEach(meter -> look("the meters", meter.getId().toString()));
        return List.copyOf(leaks);
    }

    /** With the foreign thing and with nobody's, then once more: what the first call left behind may tell too. */
    private void tryOut(LeakMatrix.Row row) {
        if (row.probe() != null) {
            asked.add(row.probe());
        }
        for (String time : List.of("first", "second")) {
            Answer foreign = answer(row, member(TWINS.get(0)), theirs);
            Answer unknown = answer(row, member(TWINS.get(1)), nobodys);
            look(row + ", " + time + " time", foreign.whole());
            compare(row + ", " + time + " time", foreign, unknown);
        }
    }

    private Answer answer(LeakMatrix.Row row, Member us, Map<Probe, String> asked) {
        String text = row.probe() == null ? "" : requireNonNull(asked.get(row.probe()));
        Answer answer = Answer.to(() -> row.trial().on(us, text), start);
        String comparable = mask(answer.comparable(), asked).replace(us.org().value(), "<us>");
        return new Answer(answer.whole(), comparable);
    }

    /** The longest first: a KPI has the name of its event in its own. */
    private static String mask(String text, Map<Probe, String> asked) {
        String masked = text;
        List<Map.Entry<Probe, String>> longestFirst = asked.entrySet().stream()
                .sorted((a, b) -> b.getValue().length() - a.getValue().length())
                .toList();
        for (Map.Entry<Probe, String> entry : longestFirst) {
            masked = masked.replace(entry.getValue(), entry.getKey().mask());
        }
        return masked;
    }

    /** What was asked with may come back, then and later. */
    private void look(String where, String text) {
        Map<Probe, String> known = new EnumMap<>(theirs);
        known.keySet().retainAll(asked);
        String rest = mask(text, known);
        Stream.concat(Stream.of(CANARY), theirs.values().stream())
                .filter(rest::contains)
                .findFirst()
                .ifPresent(word -> leaks.add(where + ": " + around(rest, rest.indexOf(word))));
    }

    private void compare(String where, Answer foreign, Answer unknown) {
        compared++;
        if (!foreign.comparable().equals(unknown.comparable())) {
            int at = 0;
            int end =
                    Math.min(foreign.comparable().length(), unknown.comparable().length());
            while (at < end
                    && foreign.comparable().charAt(at) == unknown.comparable().charAt(at)) {
                at++;
            }
            leaks.add("%s: foreign \"%s\", unknown \"%s\""
                    .formatted(where, around(foreign.comparable(), at), around(unknown.comparable(), at)));
        }
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 120));
    }

    /**
     * Sends, in random order, a key that the third org holds and one that nobody holds, each twice, as the id of an event or
     * of a call.
     *
     * @return what was found, in words; empty if there is no leak
     */
    List<String> tryKeys(int rounds, long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            String held = key(random);
            String fresh = key(random);
            boolean eventId = random.nextBoolean();
            send(member(THEIR_ORG), held, eventId, 7);
            int holder = random.nextInt(2);
            Answer ofHeld = null;
            Answer ofFresh = null;
            for (int turn = 0; turn < 2; turn++) {
                if (turn == holder) {
                    ofHeld = sent(TWINS.get(0), held, eventId);
                } else {
                    ofFresh = sent(TWINS.get(1), fresh, eventId);
                }
            }
            compare("seed " + seed + ", round " + round, requireNonNull(ofHeld), requireNonNull(ofFresh));
        }
        return List.copyOf(leaks);
    }

    private static String key(Random random) {
        return "%016x".formatted(random.nextLong());
    }

    private Answer sent(String twin, String key, boolean eventId) {
        Member us = member(twin);
        Answer answer = Answer.to(() -> List.of(send(us, key, eventId, 1), send(us, key, eventId, 1)), start);
        return new Answer(
                answer.whole(), answer.comparable().replace(key, "<key>").replace(twin, "<us>"));
    }

    /** The same key, with an event that is another one for each value. */
    private static Object send(Member member, String key, boolean eventId, int value) {
        Event.Builder event = Member.event(eventId ? key : "keyed by call").value(value);
        return eventId
                ? member.ingest().events(List.of(event.build()))
                : member.ingest().events(List.of(event.build()), key);
    }
}
