package io.smartdata.spring.jobs;

import io.smartdata.core.SmartData;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobContext;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node that is stopped in the middle of a piece; it tells the test by a file in a folder that it has begun one. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SlowHost {
    static final String JOB = "slow";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public static void main(String[] arguments) {
        SpringApplication.run(
                List.of(arguments).contains("--smartdata.jobs.enabled=false")
                        ? new Class<?>[] {SlowHost.class, SpringScheduling.class}
                        : new Class<?>[] {SlowHost.class},
                arguments);
    }

    @Bean
    AccessPolicy policy() {
        return AccessPolicy.singleOperator();
    }

    @Bean
    Job slow(ObjectProvider<SmartData> smartData, @Value("${test.folder}") Path folder) {
        return job(smartData::getObject, folder);
    }

    /** Two pieces, the first of which ends only after its node began to stop. */
    static Job job(Supplier<SmartData> smartData, Path folder) {
        return Job.named(JOB)
                .every(Duration.ofHours(10))
                .perOrg((context, org) -> List.of(
                                JobPiece.once("first", scope -> first(smartData.get(), context, scope, folder)),
                                JobPiece.once("second", scope -> JobHost.store(smartData.get(), scope, "second")))
                        .iterator());
    }

    private static long first(SmartData smartData, JobContext context, OrgScope scope, Path folder) {
        say(folder, "begun");
        await("stop", context::stopped);
        return JobHost.store(smartData, scope, "first");
    }

    static void say(Path folder, String word) {
        try {
            Files.createFile(folder.resolve(word));
        } catch (FileAlreadyExistsException e) {
            return; // said before
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitWord(Path folder, String word) {
        await(word, () -> Files.exists(folder.resolve(word)));
    }

    private static void await(String what, BooleanSupplier happened) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited too long for: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            if (Thread.interrupted()) {
                throw new IllegalStateException("Interrupted in the middle of a piece");
            }
        }
    }
}
