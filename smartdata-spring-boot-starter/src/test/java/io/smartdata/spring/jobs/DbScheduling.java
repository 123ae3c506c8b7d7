package io.smartdata.spring.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.smartdata.core.SmartData;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recipe for db-scheduler. */
@Configuration(proxyBeanMethods = false)
class DbScheduling {
    @Bean(initMethod = "start", destroyMethod = "stop")
    Scheduler dbScheduler(DataSource dataSource, SmartData smartData) {
        RecurringTask<Void> dueJobs = Tasks.recurring("smartdata-due-jobs", FixedDelay.ofSeconds(1))
                .execute((instance, context) -> smartData.jobs().runDue());
        return Scheduler.create(dataSource)
                .startTasks(dueJobs)
                .threads(1)
                .pollingInterval(Duration.ofSeconds(1))
                .build();
    }
}
