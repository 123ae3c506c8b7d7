package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.JobStatus;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.JobRun;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of the system. They serve all orgs and take everybody's processors, so they are the platform's staff's: an org's
 * operator has operations of the own org for each of them.
 */
final class JobRoutes implements RouteGroup {
    private static final Parameter<String> JOB =
            Parameter.text("job", "Name of a job.").inPath();

    private final SmartData smartData;

    JobRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** All of them. */
    record JobList(List<KnownJob> jobs) {
        /** How a job stands. */
        record KnownJob(
                String name,
                @About("When it is to run, in words.") String schedule,

                @About("Its next slot; null if there is none.") @Nullable
                Instant next,

                @About("Its latest run; null if it never ran.") @Nullable
                KnownRun last) {
            static KnownJob of(JobStatus status) {
                JobRun last = status.last();
                return new KnownJob(
                        status.name(), status.schedule(), status.next(), last == null ? null : KnownRun.of(last));
            }
        }
    }

    /** The run of one slot; what a failure says may name an org's things, so it is in the log of the node only. */
    record KnownRun(
            String job,

            @About("The moment it was scheduled for, or asked for by hand.")
            Instant slot,

            @About("1, and one more each time another node went on with it.")
            int attempt,

            JobRun.Status status,
            Instant startedAt,

            @About("Null while it runs.") @Nullable Instant endedAt,

            @About("What was done, in the job's own unit.") long processed,

            @About("Null unless it failed.") @Nullable String errorCode) {
        static KnownRun of(JobRun run) {
            return new KnownRun(
                    run.job(),
                    run.slot(),
                    run.attempt(),
                    run.status(),
                    run.startedAt(),
                    run.endedAt(),
                    run.processed(),
                    run.errorCode());
        }
    }

    /** Runs of a job. */
    record RunList(@About("The latest slot first.") List<KnownRun> runs) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/jobs", "listJobs", "How the jobs of the system stand.")
                        .acrossOrgs()
                        .offers("Jobs.list")
                        .answers(JobList.class, this::list),
                Route.get("/jobs/{job}/runs", "listRuns", "The latest runs of a job; some hundred are kept.")
                        .acrossOrgs()
                        .offers("Jobs.history")
                        .with(JOB, Cursor.LIMIT)
                        .errors(ErrorCode.UNKNOWN_JOB)
                        .answers(RunList.class, this::history),
                Route.post(
                                "/jobs/{job}/runs",
                                "runJob",
                                "Runs a job now, beside its schedule, for all orgs; written into the log of the system.")
                        .acrossOrgs()
                        .offers("CrossOrg.runJob")
                        .with(JOB)
                        .errors(ErrorCode.UNKNOWN_JOB, ErrorCode.JOB_RUNNING)
                        .answersAccepted(KnownRun.class, this::run));
    }

    private JobList list(Call call) {
        return new JobList(
                smartData.jobs().list().stream().map(JobList.KnownJob::of).toList());
    }

    private RunList history(Call call) {
        return new RunList(
                smartData.jobs().history(call.required(JOB), call.get(Cursor.LIMIT, Cursor.STANDARD_LIMIT)).stream()
                        .map(KnownRun::of)
                        .toList());
    }

    private KnownRun run(Call call) {
        return KnownRun.of(smartData.crossOrg(call.crossOrg()).runJob(call.required(JOB)));
    }
}
