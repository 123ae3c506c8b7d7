package com.example.recipes.kafka;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Tries for ever. By default Spring gives a batch up after ten tries and commits its offsets: that would lose the events of the
 * minutes in which the database was away.
 */
@Configuration(proxyBeanMethods = false)
class KafkaErrors {
    private static final long FIRST_WAIT = 500;
    private static final long LONGEST_WAIT = 30_000;

    @Bean
    CommonErrorHandler untilItIsStored() {
        ExponentialBackOff wait = new ExponentialBackOff(FIRST_WAIT, 2);
        wait.setMaxInterval(LONGEST_WAIT);
        return new DefaultErrorHandler(wait);
    }
}
