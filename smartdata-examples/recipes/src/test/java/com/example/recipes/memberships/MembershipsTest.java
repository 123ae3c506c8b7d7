package com.example.recipes.memberships;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.recipes.RunningRecipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MembershipsTest {
    private static final String API = "/smartdata/api/v1";

    private RunningRecipe host;
    private JdbcClient jdbc;

    /** The application that was there before: its users log in somehow. */
    @Import(App.class)
    @TestConfiguration
    static class ExistingApplication {
        @Bean
        UserDetailsService users() {
            return name -> User.withUsername(name).password("{noop}pw").build();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.httpBasic(Customizer.withDefaults())
                    .csrf(AbstractHttpConfigurer::disable)
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        host = RunningRecipe.start(ExistingApplication.class, "none", folder, "smartdata.web.enabled=true");
        jdbc = host.context().getBean(JdbcClient.class);
        jdbc.sql("CREATE TABLE tenant (name VARCHAR(100) PRIMARY KEY)").update();
        jdbc.sql("CREATE TABLE membership (user_name VARCHAR(100), tenant VARCHAR(100), part VARCHAR(20))")
                .update();
        jdbc.sql("INSERT INTO tenant VALUES ('acme'), ('globex')").update();
        jdbc.sql(
                        "INSERT INTO membership VALUES ('ann', 'acme', 'editor'), ('bob', 'acme', 'reader'), ('bob', 'globex', 'editor'),"
                                + " ('eve', 'gone', 'owner'), ('joe', 'acme', 'intern')")
                .update();
        assertThat(post("ann", "")).isEqualTo(200);
        assertThat(post("bob", "?org=globex")).isEqualTo(200);
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private static String[] login(String user) {
        String login = Base64.getEncoder().encodeToString((user + ":pw").getBytes(StandardCharsets.UTF_8));
        return new String[] {"Authorization", "Basic " + login};
    }

    private int post(String user, String query) {
        return unchecked(() -> host.post(API + "/events" + query, "application/json", RunningRecipe.ORDER, login(user))
                .statusCode());
    }

    private int get(String user, String query) {
        return unchecked(() -> host.get(API + "/kpis" + query, login(user)).statusCode());
    }

    private static int unchecked(Callable<Integer> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theTableSaysWhoMayDoWhatWhere() {
        assertThat(get("bob", "?org=acme")).isEqualTo(200);
        assertThat(post("bob", "?org=acme")).as("a reader brings nothing in").isEqualTo(403);
        assertThat(get("ann", "?org=globex")).isEqualTo(403);
        assertThat(get("joe", "")).as("a part that smartdata knows nothing of").isEqualTo(403);
        assertThat(get("zoe", "?org=acme")).as("logged in, but no member").isEqualTo(403);
    }

    @Test
    void whoBelongsToSeveralNamesOne() {
        assertThat(get("bob", "")).isEqualTo(400);
        assertThat(get("ann", "")).isEqualTo(200);
    }

    @Test
    void aTenantThatIsGoneIsAnsweredLikeAForeignOne() {
        assertThat(get("eve", "?org=gone")).isEqualTo(403);
    }

    @Test
    void whoeverIsRemovedIsOutAtTheNextRequest() {
        jdbc.sql("INSERT INTO membership VALUES ('tim', 'acme', 'reader')").update();
        assertThat(get("tim", "")).isEqualTo(200);
        jdbc.sql("DELETE FROM membership WHERE user_name = 'tim'").update();
        assertThat(get("tim", "?org=acme")).isEqualTo(403);
    }
}
