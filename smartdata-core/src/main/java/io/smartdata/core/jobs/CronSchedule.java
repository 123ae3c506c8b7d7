package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * A cron expression in a zone. The expression is evaluated on local times as if the zone had no transitions; what happens at
 * transitions is decided here, so that later local times are never earlier instants.
 */
final class CronSchedule implements Schedule {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final String expression;
    private final ZoneId zone;
    private final ExecutionTime times;

    private CronSchedule(String expression, ZoneId zone, ExecutionTime times) {
        this.expression = expression;
        this.zone = zone;
        this.times = times;
    }

    static CronSchedule of(String expression, ZoneId zone) {
        return new CronSchedule(
                expression,
                requireNonNull(zone, "zone"),
                ExecutionTime.forCron(PARSER.parse(expression).validate()));
    }

    @Override
    public Optional<Instant> latest(Instant now) {
        LocalDateTime before = minute(latestLocal(now)).plusMinutes(1);
        for (; ; ) {
            Optional<LocalDateTime> slot =
                    times.lastExecution(before.atZone(ZoneOffset.UTC)).map(time -> time.toLocalDateTime());
            if (slot.isEmpty() || !instant(slot.get()).isAfter(now)) {
                return slot.map(this::instant);
            }
            before = slot.get();
        }
    }

    @Override
    public Optional<Instant> next(Instant now) {
        LocalDateTime after = latestLocal(now);
        for (; ; ) {
            Optional<LocalDateTime> slot =
                    times.nextExecution(after.atZone(ZoneOffset.UTC)).map(time -> time.toLocalDateTime());
            if (slot.isEmpty() || instant(slot.get()).isAfter(now)) {
                return slot.map(this::instant);
            }
            after = slot.get();
        }
    }

    private static LocalDateTime minute(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.MINUTES);
    }

    /** The latest local time that was shown by {@code now}: while an hour comes again, that is its end. */
    private LocalDateTime latestLocal(Instant now) {
        LocalDateTime local = LocalDateTime.ofInstant(now, zone);
        ZoneOffsetTransition last = zone.getRules().previousTransition(now.plusNanos(1));
        return last != null && local.isBefore(last.getDateTimeBefore())
                ? last.getDateTimeBefore().minusNanos(1)
                : local;
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        if (transition == null) {
            return local.toInstant(zone.getRules().getOffset(local));
        }
        return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetBefore());
    }

    @Override
    public String toString() {
        return expression + " " + zone;
    }
}
