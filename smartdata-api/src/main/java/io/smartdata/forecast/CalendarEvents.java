package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import io.smartdata.series.TimeSeries;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Days on which a series behaves otherwise: holidays, sales, releases. Immutable; every method named {@code with} returns a
 * changed copy.
 *
 * <pre>{@code
 * CalendarEvents events = CalendarEvents.none()
 *         .with("christmas", christmasDays, 2, 1)
 *         .with("black-friday", blackFridays)
 *         .withKnownUntil(LocalDate.of(2027, 12, 31));
 * ForecastRequest request = ForecastRequest.of(history, 28)
 *         .withRegressors(events.regressors(history, 28).orElse(null));
 * }</pre>
 *
 * <p>An event is one influence, and each day before and after it that is asked for another, named {@code christmas-2} to
 * {@code christmas+1}: its effect is learnt by itself and is the same every time. The value of an influence is the number
 * of such days in a step: 1 or 0 for days and shorter steps.
 *
 * @since 0.1.0
 */
public final class CalendarEvents {
    private static final CalendarEvents NONE = new CalendarEvents(Map.of(), null);

    private final Map<String, TreeSet<LocalDate>> days;
    private final @Nullable LocalDate knownUntil;

    private CalendarEvents(Map<String, TreeSet<LocalDate>> days, @Nullable LocalDate knownUntil) {
        this.days = days;
        this.knownUntil = knownUntil;
    }

    /** No event. */
    public static CalendarEvents none() {
        return NONE;
    }

    /** As {@link #with(String, Collection, int, int)}, without effect on the days around. */
    public CalendarEvents with(String name, Collection<LocalDate> dates) {
        return with(name, dates, 0, 0);
    }

    /**
     * A copy with another event.
     *
     * @param name not empty, unlike those of other influences
     * @param dates local dates of the org, past and future
     * @param lead days before that are affected too, at least 0
     * @param lag days after that are affected too, at least 0
     * @throws IllegalArgumentException if the name is empty or taken, or {@code lead} or {@code lag} is negative
     */
    public CalendarEvents with(String name, Collection<LocalDate> dates, int lead, int lag) {
        if (name.isEmpty() || lead < 0 || lag < 0) {
            throw new IllegalArgumentException(
                    "An event has a name, and lead and lag of at least 0 days; were '%s', %d and %d"
                            .formatted(name, lead, lag));
        }
        Map<String, TreeSet<LocalDate>> more = new LinkedHashMap<>(days);
        for (int offset = -lead; offset <= lag; offset++) {
            TreeSet<LocalDate> affected = new TreeSet<>();
            for (LocalDate date : dates) {
                affected.add(date.plusDays(offset));
            }
            String influence = offset == 0 ? name : "%s%+d".formatted(name, offset);
            if (more.putIfAbsent(influence, affected) != null) {
                throw new IllegalArgumentException("There is an influence named '%s' already".formatted(influence));
            }
        }
        return new CalendarEvents(more, knownUntil);
    }

    /** A copy that says nothing about later days: a step that begins after them is predicted without events. */
    public CalendarEvents withKnownUntil(LocalDate lastDay) {
        return new CalendarEvents(days, requireNonNull(lastDay, "lastDay"));
    }

    /** True if any of the influences falls on the day. */
    public boolean affect(LocalDate day) {
        return days.values().stream().anyMatch(affected -> affected.contains(day));
    }

    /** Names of all influences, in order. */
    public List<String> influences() {
        return List.copyOf(days.keySet());
    }

    /**
     * The influences that can be learnt from a history, which are those that occur in it, over the history and the steps
     * after it.
     *
     * @return empty if there are none
     */
    public Optional<Regressors> regressors(TimeSeries history, int horizon) {
        LocalDate first = history.start().toLocalDate();
        LocalDate end =
                history.localTime(history.size()).minusNanos(1).toLocalDate().plusDays(1);
        List<String> occurring = days.entrySet().stream()
                .filter(event -> !event.getValue().subSet(first, end).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        return regressors(history, horizon, occurring);
    }

    /**
     * Chosen influences over a history and the steps after it: those that a model was learnt with.
     *
     * @param chosen names of influences, in the order of the columns
     * @return empty if none is chosen, or if one is not known here
     */
    public Optional<Regressors> regressors(TimeSeries history, int horizon, List<String> chosen) {
        if (chosen.isEmpty() || !days.keySet().containsAll(chosen)) {
            return Optional.empty();
        }
        double[][] rows = new double[history.size() + horizon][chosen.size()];
        List<TreeSet<LocalDate>> columns = new ArrayList<>();
        chosen.forEach(name -> columns.add(days.getOrDefault(name, new TreeSet<>())));
        boolean withinDays = history.unit().compareTo(ChronoUnit.DAYS) < 0
                || history.unit() == ChronoUnit.DAYS && history.step() == 1;
        LocalDate day = history.start().toLocalDate();
        for (int i = 0; i < rows.length; i++) {
            LocalDate next = history.localTime(i + 1L).toLocalDate();
            for (int k = 0; k < rows[i].length; k++) {
                rows[i][k] = knownUntil != null && day.isAfter(knownUntil)
                        ? Double.NaN
                        : occurrences(columns.get(k), day, withinDays ? day.plusDays(1) : next);
            }
            day = next;
        }
        return Optional.of(Regressors.of(chosen, rows));
    }

    private static int occurrences(TreeSet<LocalDate> days, LocalDate from, LocalDate to) {
        return days.isEmpty() ? 0 : days.subSet(from, to).size();
    }
}
