package io.smartdata.spring.web.api;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.CellRange;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Parameter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Local days that a request is about.
 *
 * @param from first day, inclusive
 * @param to last day, exclusive
 */
record Days(LocalDate from, LocalDate to) {
    static final Parameter<LocalDate> FROM = Parameter.day("from", "First local day, inclusive.");
    static final Parameter<LocalDate> TO = Parameter.day("to", "Last local day, exclusive.");

    private static final int STANDARD_DAYS = 90;

    Days {
        if (!from.isBefore(to) || from.isBefore(CellRange.FIRST_DAY) || to.isAfter(CellRange.END)) {
            throw new SmartDataException(
                    "invalid_request",
                    "to must be a day after from, and both between 1970 and 9999. Nothing was done.");
        }
    }

    /** At most so many. */
    static Days of(LocalDate from, LocalDate to, int most) {
        Days days = new Days(from, to);
        if (to.toEpochDay() - from.toEpochDay() > most) {
            throw new SmartDataException(
                    "invalid_request", "The range has more than %d days. Ask for less at once.".formatted(most));
        }
        return days;
    }

    /** As the parameters say, or the latest. */
    static Days asked(Call call, int most, Supplier<ZoneId> zone) {
        Optional<LocalDate> from = call.get(FROM);
        Optional<LocalDate> to = call.get(TO);
        if (from.isPresent() != to.isPresent()) {
            throw new SmartDataException("invalid_request", "Ask for from and to, or for none of them.");
        }
        if (from.isPresent()) {
            return of(from.get(), to.orElseThrow(), most);
        }
        LocalDate tomorrow = LocalDate.now(zone.get()).plusDays(1);
        return new Days(tomorrow.minusDays(Math.min(STANDARD_DAYS, most)), tomorrow);
    }
}
