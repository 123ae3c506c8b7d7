package io.smartdata.spring.jobs;

import io.smartdata.core.SmartData;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** The recipe for Spring's own scheduler. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class SpringScheduling {
    @Bean
    DueJobs dueJobs(SmartData smartData) {
        return new DueJobs(smartData);
    }

    record DueJobs(SmartData smartData) {
        @Scheduled(fixedDelay = 1000)
        void run() {
            smartData.jobs().runDue();
        }
    }
}
