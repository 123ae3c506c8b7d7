package io.smartdata.spring;

import io.smartdata.core.SmartData;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets ingest join the host's transactions, if it has Spring's.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SmartDataAutoConfiguration.class)
@ConditionalOnClass({ConnectionHolder.class, TransactionSynchronizationManager.class})
@ConditionalOnBean({SmartData.class, HostDataSource.class})
public class SmartDataTransactionAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    TransactionalIngest smartDataTransactionalIngest(SmartData smartData, HostDataSource host) {
        return new TransactionalIngest(smartData, host.dataSource());
    }
}
