package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.JobStatus;
import io.smartdata.storage.JobRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = {
            "Shows and runs the jobs of the system, which serve all orgs.",
            "Any number of processes may do so at once: a slot of a job takes effect once."
        },
        subcommands = {
            JobsCommand.ListJobs.class,
            JobsCommand.Run.class,
            JobsCommand.RunDue.class,
            JobsCommand.History.class
        })
final class JobsCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list, run, run-due or history.");
    }

    /** What the subcommands share: a database, and how they answer. */
    private abstract static class OnJobs implements Callable<Integer> {
        @Mixin
        private Database database = new Database();

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        /** Does the work and says how to answer. */
        abstract Answer answer(SmartData smartData);

        @Override
        public Integer call() {
            try (SmartData smartData = database.open()) {
                Answer answer = answer(smartData);
                PrintWriter out = spec.commandLine().getOut();
                if (json) {
                    out.println(answer.json());
                } else {
                    answer.lines().forEach(out::println);
                }
                out.flush();
                return answer.exitCode();
            }
        }
    }

    private record Answer(List<String> lines, ObjectNode json, int exitCode) {
        /** Runs that did not do everything are no success. */
        static Answer of(List<JobRun> runs) {
            ObjectNode root = JSON.createObjectNode();
            ArrayNode array = root.putArray("runs");
            runs.forEach(run -> put(array.addObject(), run));
            boolean done = runs.stream().allMatch(run -> run.status() == JobRun.Status.DONE);
            return new Answer(runs.stream().map(JobsCommand::line).toList(), root, done ? 0 : Failures.BAD_INPUT);
        }

        Answer succeeding() {
            return new Answer(lines, json, 0);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists jobs, their next slot and last run.")
    static final class ListJobs extends OnJobs {
        @Override
        Answer answer(SmartData smartData) {
            List<JobStatus> jobs = smartData.jobs().list();
            ObjectNode root = JSON.createObjectNode();
            ArrayNode array = root.putArray("jobs");
            for (JobStatus job : jobs) {
                ObjectNode node = array.addObject()
                        .put("name", job.name())
                        .put("schedule", job.schedule())
                        .put("next", text(job.next()));
                if (job.last() == null) {
                    node.putNull("last");
                } else {
                    put(node.putObject("last"), job.last());
                }
            }
            return new Answer(jobs.stream().map(ListJobs::line).toList(), root, 0);
        }

        private static String line(JobStatus job) {
            return "%-18s %-24s next %s, %s"
                    .formatted(
                            job.name(),
                            job.schedule(),
                            job.next() == null ? "never" : job.next(),
                            job.last() == null ? "never ran" : "last " + JobsCommand.line(job.last()));
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Runs a job now, whatever its schedule says. Exit code 1 if something was left undone.")
    static final class Run extends OnJobs {
        @Parameters(paramLabel = "NAME", description = "The job, as list names it.")
        private String name = "";

        @Override
        Answer answer(SmartData smartData) {
            return Answer.of(List.of(smartData.jobs().run(name)));
        }
    }

    @Command(
            name = "run-due",
            mixinStandardHelpOptions = true,
            description = {
                "Runs what is due: of each job the latest slot that no process has begun. For a scheduler of your own, such as"
                        + " cron; call it as often as jobs are to be in time.",
                "Exit code 1 if something was left undone."
            })
    static final class RunDue extends OnJobs {
        @Override
        Answer answer(SmartData smartData) {
            return Answer.of(smartData.jobs().runDue());
        }
    }

    @Command(name = "history", mixinStandardHelpOptions = true, description = "Lists the latest runs of a job.")
    static final class History extends OnJobs {
        @Parameters(paramLabel = "NAME", description = "The job, as list names it.")
        private String name = "";

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "Most runs to list. Default: ${DEFAULT-VALUE}")
        private int limit = 20;

        @Override
        Answer answer(SmartData smartData) {
            return Answer.of(smartData.jobs().history(name, Math.max(1, limit))).succeeding();
        }
    }

    private static String line(JobRun run) {
        return "%s %s: %s, %d processed, attempt %d%s"
                .formatted(
                        run.job(),
                        run.slot(),
                        status(run),
                        run.processed(),
                        run.attempt(),
                        run.errorCode() == null ? "" : ", " + run.errorCode() + ": " + run.errorMessage());
    }

    private static void put(ObjectNode node, JobRun run) {
        node.put("job", run.job())
                .put("slot", run.slot().toString())
                .put("status", status(run))
                .put("owner", run.owner())
                .put("attempt", run.attempt())
                .put("startedAt", run.startedAt().toString())
                .put("endedAt", text(run.endedAt()))
                .put("processed", run.processed())
                .put("errorCode", run.errorCode())
                .put("errorMessage", run.errorMessage());
    }

    private static String status(JobRun run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
