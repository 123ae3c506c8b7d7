package io.smartdata.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.spring.RunningHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms sent to hosts that set multipart bodies up in other ways than Boot does by itself. */
class MultipartTest {
    private static final String FORM = "multipart/form-data; boundary=b0undary";
    private static final String FILE = """
            --b0undary\r
            Content-Disposition: form-data; name="file"; filename="a.csv"\r
            \r
            id,name,time
            1,login,2026-03-01T10:00:00Z
            %s\r
            """;
    private static final String END = "--b0undary--\r\n";
    private static final int MEGABYTE = 1 << 20;

    private static RunningHost host(Path folder, String setting) {
        return RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true", setting);
    }

    private static RunningHost.Answer send(RunningHost host, String form) throws Exception {
        return new ApiClient(host).send("acme", "POST", "/uploads", form, "Content-Type", FORM);
    }

    @ParameterizedTest
    @CsvSource({
        "spring.servlet.multipart.enabled=false, 415, unsupported_media_type",
        "spring.servlet.multipart.resolve-lazily=true, 200, ''",
        "spring.servlet.multipart.max-file-size=10MB, 200, ''",
        "spring.servlet.multipart.max-request-size=1KB, 200, ''"
    })
    void aSmallFileIsTakenWhereFormsAre(String setting, int status, String code, @TempDir Path folder)
            throws Exception {
        try (RunningHost host = host(folder, setting)) {
            RunningHost.Answer answer = send(host, FILE.formatted("") + END);
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.json().path("code").asText()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "spring.servlet.multipart.resolve-lazily=true, 413, upload_too_large",
        "spring.servlet.multipart.max-file-size=10MB, 200, ''",
        "spring.servlet.multipart.max-request-size=1KB, 413, upload_too_large"
    })
    void aLargeOneIsTakenOrRefusedWithTheProperty(String setting, int status, String code, @TempDir Path folder)
            throws Exception {
        try (RunningHost host = host(folder, setting)) {
            RunningHost.Answer answer = send(host, FILE.formatted("\n".repeat(MEGABYTE + MEGABYTE / 4)) + END);
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.json().path("code").asText()).isEqualTo(code);
            if (status != 200) {
                assertThat(answer.json().path("detail").asText()).contains("spring.servlet.multipart");
            }
        }
    }

    @Test
    void aFormThatIsCutIsRefusedLateToo(@TempDir Path folder) throws Exception {
        try (RunningHost host = host(folder, "spring.servlet.multipart.resolve-lazily=true")) {
            RunningHost.Answer answer = send(host, FILE.formatted(""));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.json().path("code").asText()).isEqualTo("invalid_request");
        }
    }
}
