package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.OrgId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done by the clock, by one node at a time. Immutable.
 *
 * <pre>{@code
 * Job report = Job.named("report")
 *         .schedule(Schedule.cron("0 6 * * 1", ZoneId.of("Europe/Berlin")))
 *         .perOrg((context, org) -> List.of(JobPiece.once("report", scope -> send(scope))).iterator());
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Job {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** How late a slot may begin and still be in time. */
    private static final Duration IN_TIME = Duration.ofMinutes(1);

    private final String name;
    private final Schedule schedule;
    private final Misfire misfire;
    private final Duration misfireWindow;
    private final Duration limit;
    private final BooleanSupplier needed;
    private final @Nullable Supplier<Duration> lag;
    private final @Nullable Supplier<List<OrgId>> orgs;
    private final @Nullable OrgWork orgWork;
    private final @Nullable SystemWork systemWork;

    private Job(Builder builder, @Nullable OrgWork orgWork, @Nullable SystemWork systemWork) {
        this.name = builder.name;
        this.schedule = requireNonNull(builder.schedule, "A job needs a schedule");
        this.misfire = builder.misfire;
        this.misfireWindow = builder.misfireWindow;
        this.limit = builder.limit;
        this.needed = builder.needed;
        this.lag = builder.lag;
        this.orgs = builder.orgs;
        this.orgWork = orgWork;
        this.systemWork = systemWork;
    }

    /**
     * Starts the description of a job.
     *
     * @param name lower-case letters, digits and {@code -}, 64 characters at most; all nodes know the job by it
     */
    public static Builder named(String name) {
        if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException(
                    "A job's name begins with a letter and has 1 to 64 of a-z, 0-9 and -, unlike " + name);
        }
        return new Builder(name);
    }

    /** All nodes know the job by it. */
    public String name() {
        return name;
    }

    /** When it is to run. */
    public Schedule schedule() {
        return schedule;
    }

    /** What becomes of a slot that no node began in time. */
    public Misfire misfire() {
        return misfire;
    }

    /** True if a run of the slot may begin now. */
    boolean mayBegin(Instant slot, Instant now) {
        Duration latest = misfire == Misfire.SKIP ? IN_TIME : misfireWindow;
        return !slot.plus(latest).isBefore(now);
    }

    Duration limit() {
        return limit;
    }

    boolean needed() {
        return needed.getAsBoolean();
    }

    Optional<Supplier<Duration>> lag() {
        return Optional.ofNullable(lag);
    }

    /** Orgs that have work for it; empty if they all may. */
    Optional<Supplier<List<OrgId>>> orgs() {
        return Optional.ofNullable(orgs);
    }

    /** Empty if it serves no org in particular. */
    Optional<OrgWork> orgWork() {
        return Optional.ofNullable(orgWork);
    }

    /** Empty if it works org by org. */
    Optional<SystemWork> systemWork() {
        return Optional.ofNullable(systemWork);
    }

    @Override
    public String toString() {
        return name + " (" + schedule + ")";
    }

    /** Collects the parts of a {@link Job}. */
    public static final class Builder {
        private final String name;
        private @Nullable Schedule schedule;
        private Misfire misfire = Misfire.RUN_ONCE;
        private Duration misfireWindow = Duration.ofHours(12);
        private Duration limit = Duration.ofHours(6);
        private BooleanSupplier needed = () -> true;
        private @Nullable Supplier<Duration> lag;
        private @Nullable Supplier<List<OrgId>> orgs;

        private Builder(String name) {
            this.name = name;
        }

        /** When it is to run. Required. */
        public Builder schedule(Schedule newSchedule) {
            this.schedule = newSchedule;
            return this;
        }

        /** As {@link #schedule} with a cron expression. */
        public Builder cron(String expression, ZoneId zone) {
            return schedule(Schedule.cron(expression, zone));
        }

        /** As {@link #schedule} with an interval. */
        public Builder every(Duration interval) {
            return schedule(Schedule.every(interval));
        }

        /** What becomes of a slot that no node began in time; it runs late, once, unless told otherwise. */
        public Builder misfire(Misfire newMisfire) {
            this.misfire = requireNonNull(newMisfire, "misfire");
            return this;
        }

        /** How late a missed slot may run with {@link Misfire#RUN_ONCE}; 12 hours unless told otherwise. */
        public Builder misfireWindow(Duration newMisfireWindow) {
            this.misfireWindow = requireNonNull(newMisfireWindow, "misfireWindow");
            return this;
        }

        /** No piece of a run begins later than this after its beginning; 6 hours unless told otherwise. */
        public Builder limit(Duration newLimit) {
            this.limit = requireNonNull(newLimit, "limit");
            return this;
        }

        /** Asked before a slot is begun; while it says no, slots pass and cost nothing. */
        public Builder neededWhen(BooleanSupplier newNeeded) {
            this.needed = requireNonNull(newNeeded, "needed");
            return this;
        }

        /** How far behind the work is: more threads work at the job while that is long. */
        public Builder lag(Supplier<Duration> newLag) {
            this.lag = requireNonNull(newLag, "lag");
            return this;
        }

        /** Which orgs have work; all of them unless told otherwise. */
        Builder orgs(Supplier<List<OrgId>> newOrgs) {
            this.orgs = newOrgs;
            return this;
        }

        /** A job that works org by org. */
        public Job perOrg(OrgWork work) {
            return new Job(this, requireNonNull(work, "work"), null);
        }

        /** A job that serves no org in particular. */
        public Job system(SystemWork work) {
            return new Job(this, null, requireNonNull(work, "work"));
        }
    }
}
