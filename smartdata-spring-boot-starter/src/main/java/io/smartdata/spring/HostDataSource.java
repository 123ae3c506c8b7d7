package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/**
 * The one DataSource of the host that everything is kept in.
 *
 * @param dataSource hands out connections of its own, whatever transaction the thread is in
 */
record HostDataSource(DataSource dataSource) {
    private static final boolean SPRING_JDBC = ClassUtils.isPresent(
            "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy",
            HostDataSource.class.getClassLoader());

    HostDataSource {
        requireNonNull(dataSource, "dataSource");
    }

    /**
     * The DataSource of this name, or without a name the only or primary one.
     *
     * @throws SmartDataException {@code no_data_source}, {@code several_data_sources}, {@code unknown_data_source}
     */
    static HostDataSource choose(ListableBeanFactory beans, @Nullable String name) {
        List<String> names =
                Arrays.asList(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class));
        if (names.isEmpty()) {
            throw new SmartDataException(
                    "no_data_source", "smartdata keeps its data in a database, and the application has no DataSource.");
        }
        if (name == null) {
            return only(beans, names);
        }
        if (!names.contains(name)) {
            throw new SmartDataException(
                    "unknown_data_source",
                    "smartdata.data-source names \"%s\", and the DataSources of the application are: %s."
                            .formatted(name, String.join(", ", names)));
        }
        return of(beans.getBean(name, DataSource.class));
    }

    private static HostDataSource only(ListableBeanFactory beans, List<String> names) {
        DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (only == null) {
            throw new SmartDataException(
                    "several_data_sources",
                    "smartdata keeps its data in one database, and the application has several DataSources: %s."
                            .formatted(String.join(", ", names)));
        }
        return of(only);
    }

    /** What smartdata commits must be committed, so a proxy that joins the thread's transaction is looked through. */
    private static HostDataSource of(DataSource dataSource) {
        return new HostDataSource(SPRING_JDBC ? Proxies.target(dataSource) : dataSource);
    }

    /** Apart, so that this class loads without spring-jdbc. */
    private static final class Proxies {
        static DataSource target(DataSource dataSource) {
            return dataSource instanceof TransactionAwareDataSourceProxy proxy
                    ? requireNonNull(proxy.getTargetDataSource(), "target of the TransactionAwareDataSourceProxy")
                    : dataSource;
        }
    }
}
