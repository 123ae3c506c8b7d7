package io.smartdata.spring.web;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiQuery;
import java.time.LocalDate;
import java.time.Period;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.web.servlet.function.ServerRequest;

/** What a request asks for, or {@code invalid_request} with the parameter at fault. */
final class QueryParameters {
    private static final int LONGEST_MONTH = 31;
    private static final String DAY = "a day like 2026-03-01, from 1970 to 9999";

    private QueryParameters() {}

    /** @param maxDays most days of the range */
    static KpiQuery series(ServerRequest request, int maxDays) {
        Optional<LocalDate> from = parsed(request, "from", QueryParameters::day, DAY);
        Optional<LocalDate> to = parsed(request, "to", QueryParameters::day, DAY);
        Optional<Period> last = parsed(request, "last", Period::parse, "a period like P90D or P3M");
        Optional<Grain> grain =
                parsed(request, "grain", QueryParameters::grain, "hour, day, week, month, quarter or year");
        Optional<Integer> top = parsed(request, "top", Integer::valueOf, "a whole number");
        boolean bySource = flag(request, "bySource");
        Period period = last.orElse(from.isPresent() || to.isPresent() ? null : Period.ofDays(Math.min(90, maxDays)));
        KpiQuery query;
        try {
            query = new KpiQuery(
                    request.pathVariable("kpi"),
                    from.orElse(null),
                    to.orElse(null),
                    period,
                    grain.orElse(null),
                    request.param("source").orElse(null),
                    bySource,
                    request.param("dimension").orElse(null),
                    top.orElse(0));
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request",
                    "Ask for from and to, or for last, or for none of them; to is after from, last is positive, and top needs a dimension.",
                    e);
        }
        requireRange(query, maxDays);
        return query;
    }

    /** No event lies elsewhere, and a far day is more than the figures of a bucket can name. */
    private static LocalDate day(String text) {
        LocalDate day = LocalDate.parse(text);
        if (day.isBefore(CellRange.FIRST_DAY) || day.isAfter(CellRange.END)) {
            throw new IllegalArgumentException("Outside of all events");
        }
        return day;
    }

    private static Grain grain(String text) {
        return Grain.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static void requireRange(KpiQuery query, int maxDays) {
        LocalDate from = query.from();
        LocalDate to = query.to();
        Period last = query.last();
        long days = from != null && to != null
                ? to.toEpochDay() - from.toEpochDay()
                : last == null ? 0 : last.toTotalMonths() * LONGEST_MONTH + last.getDays();
        if (days > maxDays) {
            throw new SmartDataException(
                    "invalid_request", "The range has more than %d days. Ask for less at once.".formatted(maxDays));
        }
    }

    /** The id in the path; one that is none is as unknown as any other. */
    static UUID id(ServerRequest request) {
        String text = request.pathVariable("id");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new SmartDataException("unknown_receipt", "The address does not end with the id of a receipt.", e);
        }
    }

    static boolean flag(ServerRequest request, String name) {
        return parsed(request, name, QueryParameters::truth, "true or false").orElse(false);
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("Neither true nor false");
        };
    }

    private static <T> Optional<T> parsed(
            ServerRequest request, String name, Function<String, T> parser, String expected) {
        try {
            return request.param(name).map(parser);
        } catch (RuntimeException e) {
            throw new SmartDataException("invalid_request", "%s must be %s.".formatted(name, expected), e);
        }
    }
}
