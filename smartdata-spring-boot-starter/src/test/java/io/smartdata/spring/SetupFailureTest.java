package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smartdata.core.SmartData;
import io.smartdata.jdbc.JdbcStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.sqlite.SQLiteDataSource;

/** What the operator of an application reads when it does not start. */
@ExtendWith(OutputCaptureExtension.class)
class SetupFailureTest {
    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class HostOfTwo {
        @Bean
        DataSource orders() {
            return new SQLiteDataSource();
        }

        @Bean
        DataSource reports() {
            return new SQLiteDataSource();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class HostOfAnotherDatabase {
        @Bean
        DataSource oracle() {
            return new AbstractDataSource() {
                @Override
                public Connection getConnection() {
                    return Unsupported.connection();
                }

                @Override
                public Connection getConnection(String user, String password) {
                    return Unsupported.connection();
                }
            };
        }
    }

    private void start(Class<?> host, String... settings) {
        SpringApplication application = new SpringApplication(host);
        List<String> arguments =
                new ArrayList<>(List.of("--server.port=0", "--spring.autoconfigure.exclude=" + Lines.JPA_AND_QUARTZ));
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        assertThat(catchThrowable(() -> application.run(arguments.toArray(String[]::new))))
                .isNotNull();
    }

    @Test
    void severalDataSourcesAreNamedWithTheSettingThatChooses(CapturedOutput output) {
        start(HostOfTwo.class);
        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START", "several DataSources: orders, reports", "smartdata.data-source");
    }

    @Test
    void aNameThatIsNoDataSourceIsSaid(CapturedOutput output) {
        start(HostOfTwo.class, "smartdata.data-source=warehouse");
        assertThat(output).contains("names \"warehouse\"", "orders, reports");
    }

    @Test
    void noDataSourceSaysWhatToAdd(CapturedOutput output) {
        start(Host.class, "spring.autoconfigure.exclude=" + Lines.DATA_SOURCE + "," + Lines.JPA_AND_QUARTZ);
        assertThat(output)
                .contains("the application has no DataSource", "spring-boot-starter-jdbc", "org.xerial:sqlite-jdbc");
    }

    @Test
    void anUnsupportedDatabaseIsNamed(CapturedOutput output) {
        start(HostOfAnotherDatabase.class);
        assertThat(output).contains("not in Other Database", "on PostgreSQL or SQLite");
    }

    @Test
    void tablesOfANewerVersionSayWhichVersionToStart(CapturedOutput output) throws SQLException {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
        SmartData.builder().storage(JdbcStorage.of(database)).build().close();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO sd_schema_history (version, script, checksum, installed_at) VALUES (99, 'V99__later.sql', 'x', 0)");
        }
        start(Host.class, "spring.datasource.url=" + database.getUrl());
        assertThat(output).contains("APPLICATION FAILED TO START", "start that version or a later one");
    }

    @Test
    void aDatabaseThatCannotBeReachedNamesItsSettings(CapturedOutput output) {
        start(Host.class, "spring.datasource.url=jdbc:sqlite:" + folder.resolve("none/such.db"));
        assertThat(output).contains("APPLICATION FAILED TO START", "spring.datasource.url");
    }
}
