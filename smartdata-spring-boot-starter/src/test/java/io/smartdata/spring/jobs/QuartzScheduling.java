package io.smartdata.spring.jobs;

import io.smartdata.core.SmartData;
import org.quartz.JobDetail;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.quartz.MethodInvokingJobDetailFactoryBean;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.scheduling.quartz.SimpleTriggerFactoryBean;

/** The recipe for Quartz. */
@Configuration(proxyBeanMethods = false)
class QuartzScheduling {
    @Bean
    MethodInvokingJobDetailFactoryBean dueJobs(SmartData smartData) {
        MethodInvokingJobDetailFactoryBean detail = new MethodInvokingJobDetailFactoryBean();
        detail.setTargetObject(smartData.jobs());
        detail.setTargetMethod("runDue");
        detail.setConcurrent(false);
        return detail;
    }

    @Bean
    SimpleTriggerFactoryBean everySecond(JobDetail dueJobs) {
        SimpleTriggerFactoryBean trigger = new SimpleTriggerFactoryBean();
        trigger.setJobDetail(dueJobs);
        trigger.setRepeatInterval(1000);
        trigger.setMisfireInstruction(SimpleTrigger.MISFIRE_INSTRUCTION_RESCHEDULE_NEXT_WITH_REMAINING_COUNT);
        return trigger;
    }

    @Bean
    SchedulerFactoryBean quartz(Trigger everySecond) {
        SchedulerFactoryBean scheduler = new SchedulerFactoryBean();
        scheduler.setTriggers(everySecond);
        scheduler.setWaitForJobsToCompleteOnShutdown(true);
        return scheduler;
    }
}
