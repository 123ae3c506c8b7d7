package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.spring.SmartDataAutoConfiguration;
import io.smartdata.tenancy.AccessPolicy;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.sqlite.SQLiteDataSource;

class WebConditionsTest {
    private static final AutoConfigurations OURS =
            AutoConfigurations.of(SmartDataAutoConfiguration.class, SmartDataWebAutoConfiguration.class);

    @TempDir
    private Path folder;

    private DataSource database() {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));
        return dataSource;
    }

    private WebApplicationContextRunner web() {
        return new WebApplicationContextRunner().withConfiguration(OURS).withBean(DataSource.class, this::database);
    }

    @Test
    void withPolicyAndSwitchThereAreRoutes() {
        web().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true")
                .run(context -> assertThat(context).hasBean("smartDataRoutes"));
    }

    @Test
    void withoutAPolicyThereAreNone() {
        web().withPropertyValues("smartdata.web.enabled=true")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smartDataRoutes"));
    }

    @Test
    void withoutTheSwitchThereAreNone() {
        web().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smartDataRoutes"));
    }

    @Test
    void withoutAServletContainerThereAreNone() {
        new ApplicationContextRunner()
                .withConfiguration(OURS)
                .withBean(DataSource.class, this::database)
                .withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smartDataRoutes"));
    }

    @Test
    void onTheReactiveStackThereAreNone() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(OURS)
                .withBean(DataSource.class, this::database)
                .withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(SmartData.class)
                        .doesNotHaveBean("smartDataRoutes"));
    }

    @Test
    void withoutSpringSecurityTheCallerIsThePrincipal() {
        web().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true")
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("smartDataRoutes")
                        .hasSingleBean(PrincipalIdentity.class));
    }

    @Test
    void smartdataSwitchedOffTakesTheApiWithIt() {
        web().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true", "smartdata.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smartDataRoutes"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats/",
                "stats",
                "/",
                "//stats",
                "/stats/",
                "/a b",
                "/../stats",
                "/stats/.",
                "/{org}",
                "/*",
                "/st%61ts"
            })
    void aBasePathThatIsNoneFailsTheStart(String path) {
        web().withBean(AccessPolicy.class, AccessPolicy::singleOperator)
                .withPropertyValues("smartdata.web.enabled=true", "smartdata.web.base-path=" + path)
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("smartdata.web.base-path"));
    }
}
