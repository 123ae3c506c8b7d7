package io.smartdata.core.freshness;

import io.smartdata.storage.DerivedAnswer;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * When each derived answer is due. An answer without a schedule is never overdue.
 *
 * @param schedules by answer
 * @since 0.1.0
 */
public record RefreshSchedules(Map<DerivedAnswer, RefreshSchedule> schedules) {
    /** When the nightly jobs begin. */
    private static final LocalTime NIGHTLY = LocalTime.of(2, 15);

    public RefreshSchedules {
        schedules = Map.copyOf(schedules);
    }

    /** Every answer each night at 02:15, as the library's jobs run. */
    public static RefreshSchedules nightly(ZoneId zone) {
        RefreshSchedules all = none();
        for (DerivedAnswer answer : DerivedAnswer.values()) {
            all = all.with(answer, RefreshSchedule.daily(NIGHTLY, zone));
        }
        return all;
    }

    /** For hosts that derive answers only when asked. */
    public static RefreshSchedules none() {
        return new RefreshSchedules(Map.of());
    }

    /** The same with another schedule for one answer. */
    public RefreshSchedules with(DerivedAnswer answer, RefreshSchedule schedule) {
        Map<DerivedAnswer, RefreshSchedule> changed = new EnumMap<>(DerivedAnswer.class);
        changed.putAll(schedules);
        changed.put(answer, schedule);
        return new RefreshSchedules(changed);
    }

    Optional<RefreshSchedule> of(DerivedAnswer answer) {
        return Optional.ofNullable(schedules.get(answer));
    }
}
