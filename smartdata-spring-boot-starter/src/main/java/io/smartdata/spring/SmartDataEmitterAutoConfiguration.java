package io.smartdata.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdata.SmartDataException;
import io.smartdata.core.emit.EmitterAuthorization;
import io.smartdata.core.emit.EmitterSettings;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.core.emit.EventTransport;
import io.smartdata.core.emit.FileSpool;
import io.smartdata.core.emit.HttpEventTransport;
import io.smartdata.core.emit.UnsentEvents;
import io.smartdata.core.emit.UnsentFile;
import io.smartdata.core.observe.Meters;
import io.smartdata.emit.EventSpool;
import io.smartdata.jdbc.JdbcEventSpool;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.jdbc.OutboxSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An {@link EventEmitter} to another smartdata server, if {@code smartdata.emitter.url} names one. Needs no pipeline of its own:
 * an application that only emits excludes {@link SmartDataAutoConfiguration}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SmartDataAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "smartdata.enabled", matchIfMissing = true)
@ConditionalOnProperty("smartdata.emitter.url")
@EnableConfigurationProperties(SmartDataEmitterProperties.class)
public class SmartDataEmitterAutoConfiguration {
    /** Events wait in files. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "smartdata.emitter.spool", havingValue = "file")
    static class OfFiles {
        /** The emitter closes it. */
        @Bean(destroyMethod = "")
        @ConditionalOnMissingBean({EventSpool.class, EventEmitter.class})
        EventSpool smartDataEventSpool(SmartDataEmitterProperties properties) {
            return FileSpool.open(folder(properties), properties.spoolMaxBytes().toBytes());
        }
    }

    private static Path folder(SmartDataEmitterProperties properties) {
        Path folder = properties.spoolFolder();
        if (folder == null) {
            throw new SmartDataException(
                    "invalid_emitter", "smartdata.emitter.spool=file needs smartdata.emitter.spool-folder.");
        }
        return folder;
    }

    /** Events wait in the application's database, and join its transactions if it has Spring's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "smartdata.emitter.spool", havingValue = "database")
    static class OfDatabase {
        @Bean
        @ConditionalOnMissingBean
        HostDataSource smartDataEmitterDataSource(ListableBeanFactory beans, Environment environment) {
            return HostDataSource.choose(beans, environment.getProperty("smartdata.data-source"));
        }

        /** The emitter closes it. */
        @Bean(destroyMethod = "")
        @ConditionalOnMissingBean({EventSpool.class, EventEmitter.class})
        EventSpool smartDataEventSpool(
                HostDataSource host, SmartDataEmitterProperties properties, Environment environment) {
            JdbcStorage.SchemaMode schema = Binder.get(environment)
                    .bind("smartdata.schema", JdbcStorage.SchemaMode.class)
                    .orElse(JdbcStorage.SchemaMode.MIGRATE);
            return JdbcEventSpool.open(
                    host.dataSource(),
                    OutboxSettings.of(properties.queue())
                            .withSchema(schema)
                            .withMaxEvents(properties.spoolMaxEvents()));
        }
    }

    /** Joins the host's transactions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ConnectionHolder.class, TransactionSynchronizationManager.class})
    @ConditionalOnProperty(name = "smartdata.emitter.spool", havingValue = "database")
    static class OfTransactions {
        @Bean
        @ConditionalOnMissingBean
        TransactionalEmitter smartDataTransactionalEmitter(EventEmitter emitter, HostDataSource host) {
            return new TransactionalEmitter(emitter, host.dataSource());
        }
    }

    @Bean
    @ConditionalOnMissingBean
    EmitterSettings smartDataEmitterSettings(SmartDataEmitterProperties properties) {
        try {
            return properties.settings();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw invalid("smartdata.emitter: " + e.getMessage(), e);
        }
    }

    /** The emitter closes it. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean({EventTransport.class, EventEmitter.class})
    EventTransport smartDataEventTransport(
            SmartDataEmitterProperties properties,
            ObjectProvider<EmitterAuthorization> authorization,
            ObjectProvider<Clock> clock) {
        URI url = properties.url();
        if (url == null || url.toString().isBlank()) {
            throw invalid("smartdata.emitter.url is empty.", null);
        }
        try {
            HttpEventTransport.Builder transport = HttpEventTransport.to(url)
                    .connectTimeout(properties.connectTimeout())
                    .requestTimeout(properties.requestTimeout())
                    .gzipOver(Math.toIntExact(properties.gzipOver().toBytes()));
            if (properties.org() != null) {
                transport.org(properties.org());
            }
            if (properties.token() != null) {
                transport.token(properties.token());
            }
            if (properties.allowPlainHttp()) {
                transport.allowPlainHttp();
            }
            authorization.ifAvailable(transport::authorization);
            clock.ifUnique(transport::clock);
            return transport.build();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw invalid("smartdata.emitter: " + e.getMessage(), e);
        }
    }

    private static SmartDataException invalid(String message, @Nullable Throwable cause) {
        return new SmartDataException("invalid_emitter", message, cause);
    }

    @Bean
    @ConditionalOnMissingBean({UnsentEvents.class, EventEmitter.class})
    UnsentEvents smartDataUnsentEvents(SmartDataEmitterProperties properties) {
        Path file = properties.unsentFile();
        if (file == null && properties.spool() == SmartDataEmitterProperties.Spool.FILE) {
            file = folder(properties).resolve("unsent.ndjson");
        }
        return file == null
                ? UnsentEvents.forgotten()
                : UnsentFile.at(file, properties.unsentMaxBytes().toBytes());
    }

    @Bean
    @ConditionalOnMissingBean
    EventEmitter smartDataEventEmitter(
            EventTransport transport,
            EmitterSettings settings,
            UnsentEvents unsent,
            ObjectProvider<EventSpool> spool,
            ObjectProvider<Meters> meters,
            ObjectProvider<MeterRegistry> registries,
            ObjectProvider<Clock> clock) {
        MeterRegistry registry = registries.getIfUnique();
        EventEmitter.Builder emitter = EventEmitter.to(transport)
                .settings(settings)
                .unsent(unsent)
                .meters(meters.getIfAvailable(() -> registry == null ? Meters.none() : Meters.of(registry)));
        spool.ifAvailable(emitter::spool);
        clock.ifUnique(emitter::clock);
        return emitter.build();
    }

    @Bean
    EmitterLifecycle smartDataEmitterLifecycle(EventEmitter emitter, SmartDataEmitterProperties properties) {
        return new EmitterLifecycle(emitter, properties.closeTimeout());
    }
}
