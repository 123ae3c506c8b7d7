package io.smartdata.core.leak;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdata.core.SmartData;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.Event;
import io.smartdata.promise.Trials;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No operation tells one org about another. Two orgs that are alike in everything, the twins, make the same calls one after
 * the other; the first with something a third org has, the second with something nobody has. Whatever they are answered must
 * be the same, and no word of the third org may be in any answer, log line, meter or audit entry. For adopters: extend this
 * class with your storage. Needs JUnit, AssertJ and Micrometer.
 *
 * <p>Left out of the comparison: random ids, times from the start of the test on, durations, hash keys, and what was asked
 * with, if it comes back.
 */
public abstract class LeakContract {
    /** In every text of the third org, and instead of it in what nobody has: as long. */
    private static final String CANARY = "canary";

    private static final String NOBODYS = "nobody";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(5);
    private final Map<Probe, String> theirs = new EnumMap<>(Probe.class);
    private final Map<Probe, String> nobodys = new EnumMap<>(Probe.class);
    private final Set<Probe> asked = EnumSet.noneOf(Probe.class);
    private final List<String> leaks = new ArrayList<>();
    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    /** Settings of the host to try with; the kit sets storage, policy, directory, resolver, meters and clock itself. */
    protected SmartData.Builder settings() {
        return SmartData.builder();
    }

    @BeforeEach
    final void plant() throws Exception {
        opened = settings()
                .storage(newStorage())
                .accessPolicy((caller, org, permission) -> caller.name().equals("user of " + org))
                .orgDirectory(org -> Optional.of(OrgProfile.defaults())
                        .filter(profile -> !org.value().contains(NOBODYS)))
                .orgResolver(clues -> Optional.ofNullable(clues.entity())
                        .filter(entity -> entity.contains(CANARY))
                        .map(entity -> OrgId.of(CANARY + "-org")))
                .meters(Meters.of(meters))
                .clock(Clock.fixed(Member.NOW, ZoneOffset.UTC))
                .build();
        theirs.putAll(Member.of(opened, CANARY + "-org").fill(CANARY));
        theirs.forEach((probe, text) -> nobodys.put(probe, likeButNobodys(text)));
        twin("twin-1").fill("own");
        twin("twin-2").fill("own");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    /** As long, of the same form. */
    private static String likeButNobodys(String text) {
        return text.contains(CANARY)
                ? text.replace(CANARY, NOBODYS)
                : UUID.randomUUID().toString();
    }

    @AfterEach
    final void close() {
        System.setErr(stderr);
        if (opened != null) {
            opened.close();
        }
    }

    private Member twin(String name) {
        return Member.of(requireNonNull(opened), name);
    }

    @Test
    void everyOperationIsTriedOrExcused() {
        LeakMatrix matrix = new LeakMatrix();
        Set<String> covered = new TreeSet<>(matrix.excused().keySet());
        matrix.rows().forEach(row -> covered.add(row.operation()));
        assertThat(covered).as("lines of LeakMatrix").isEqualTo(Operations.all());
        Set<String> both = new HashSet<>(matrix.excused().keySet());
        both.retainAll(matrix.rows().stream().map(LeakMatrix.Row::operation).toList());
        assertThat(both).as("tried and excused").isEmpty();
    }

    @Test
    void noOperationTellsOneOrgAboutAnother() {
        LeakMatrix matrix = new LeakMatrix();
        List<LeakMatrix.Row> own =
                matrix.rows().stream().filter(row -> row.probe() == null).toList();
        own.forEach(this::tryOut);
        matrix.rows().stream().filter(row -> row.probe() != null).forEach(this::tryOut);
        own.forEach(this::tryOut);
        look("the log", log.toString(StandardCharsets.UTF_8));
        meters.getMeters().forEach(meter -> look("the meters", meter.getId().toString()));
        long tried =
                matrix.rows().stream().map(LeakMatrix.Row::operation).distinct().count();
        Trials.report(
                "P4",
                "answers about foreign and unknown things, compared",
                matrix.rows().size(),
                Math.min(leaks.size(), matrix.rows().size()),
                "%d of %d operations tried, %d excused"
                        .formatted(
                                tried, Operations.all().size(), matrix.excused().size()));
        assertThat(leaks).isEmpty();
    }

    /** With the foreign thing and with nobody's, then once more: what the first call left behind may tell too. */
    private void tryOut(LeakMatrix.Row row) {
        if (row.probe() != null) {
            asked.add(row.probe());
        }
        for (String time : List.of("first", "second")) {
            Answer foreign = answer(row, twin("twin-1"), theirs);
            Answer unknown = answer(row, twin("twin-2"), nobodys);
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

    @Test
    void aKeyOfAnotherOrgIsAnsweredLikeAFreshOne() {
        int rounds = Trials.rounds(200, 2000);
        long seed = Trials.seed();
        Random random = new Random(seed);
        Member them = Member.of(requireNonNull(opened), CANARY + "-org");
        int differing = 0;
        for (int round = 0; round < rounds; round++) {
            String held = key(random);
            String fresh = key(random);
            boolean byEventId = random.nextBoolean();
            send(them, held, byEventId, 7);
            boolean heldFirst = random.nextBoolean();
            Answer first = sent(heldFirst ? "twin-1" : "twin-2", heldFirst ? held : fresh, byEventId);
            Answer second = sent(heldFirst ? "twin-2" : "twin-1", heldFirst ? fresh : held, byEventId);
            if (!first.comparable().equals(second.comparable())) {
                differing++;
                compare("seed " + seed + ", round " + round, first, second);
            }
        }
        Trials.report(
                "P5", "a key held by another org beside one that nobody holds", rounds, differing, "seed " + seed);
        assertThat(leaks).isEmpty();
    }

    private static String key(Random random) {
        return "%016x".formatted(random.nextLong());
    }

    private Answer sent(String twin, String key, boolean byEventId) {
        Member us = twin(twin);
        Answer answer = Answer.to(() -> List.of(send(us, key, byEventId, 1), send(us, key, byEventId, 1)), start);
        return new Answer(
                answer.whole(), answer.comparable().replace(key, "<key>").replace(twin, "<us>"));
    }

    /** The same key, with an event that is another one for each value. */
    private static Object send(Member member, String key, boolean byEventId, int value) {
        Event.Builder event = Member.event(byEventId ? key : "keyed by call").value(value);
        return byEventId
                ? member.ingest().events(List.of(event.build()))
                : member.ingest().events(List.of(event.build()), key);
    }
}
