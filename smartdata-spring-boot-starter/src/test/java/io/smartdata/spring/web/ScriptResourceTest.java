package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import io.smartdata.tenancy.AccessPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The module as a browser gets it, within the filter chain that Spring Boot sets up by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptResourceTest {
    private static final String[] LOGIN = {
        "Authorization", "Basic " + Base64.getEncoder().encodeToString("ann:pw".getBytes(StandardCharsets.UTF_8))
    };
    private static final String SCRIPT = "/smartdata/api/v1/smartdata.js";

    private RunningHost host;

    /** Nobody may do anything; the script is no data. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Closed {
        @Bean
        AccessPolicy policy() {
            return (caller, org, permission) -> false;
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        host = RunningHost.withSecurity(
                folder,
                Closed.class,
                "spring.security.user.name=ann",
                "spring.security.user.password=pw",
                "smartdata.web.enabled=true");
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void aCallerWhoIsLoggedInGetsTheModule() throws Exception {
        RunningHost.Answer answer = host.get(SCRIPT, LOGIN);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
        assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.header("Cache-Control")).hasValue("private, no-cache");
        assertThat(answer.body()).contains("export function createEmitter");
    }

    @Test
    void theSameModuleIsNotSentTwice() throws Exception {
        String tag = host.get(SCRIPT, LOGIN).header("ETag").orElseThrow();
        RunningHost.Answer again = host.get(SCRIPT, LOGIN[0], LOGIN[1], "If-None-Match", "W/" + tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("ETag")).hasValue(tag);
        assertThat(again.body()).isEmpty();
        assertThat(host.get(SCRIPT, LOGIN[0], LOGIN[1], "If-None-Match", "\"older\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anonymousGetsNothing() throws Exception {
        assertThat(host.get(SCRIPT).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/smartdata/api/v1/smartdata.d.ts", "/smartdata/api/v1/smartdata.js/", "/smartdata/SMARTDATA.JS"
            })
    void nothingElseOfTheJarIsServed(String path) throws Exception {
        assertThat(host.get(path, LOGIN).status()).isEqualTo(404);
    }
}
