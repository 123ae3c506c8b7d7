package com.example.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profile {@code https} with a certificate that the JDK's keytool makes. */
class HttpsTest {
    @TempDir
    private Path folder;

    @Test
    void theProfileAnswersOverTlsAndTellsBrowsersToStayThere() throws Exception {
        KeyStore store = certificate();
        try (RunningApp app = RunningApp.start(folder, "spring.profiles.active=https")) {
            HttpResponse<String> answer =
                    get(app, HttpClient.newBuilder().sslContext(trusting(store)).build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");

            SSLParameters old = new SSLParameters();
            old.setProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(() -> get(
                            app,
                            HttpClient.newBuilder()
                                    .sslContext(trusting(store))
                                    .sslParameters(old)
                                    .build()))
                    .isInstanceOf(IOException.class);
            assertThat(app.raw("GET /actuator/health HTTP/1.1", "Host: localhost", "Connection: close")
                            .get(0))
                    .as("plain HTTP on the port of TLS")
                    .contains("400");
        }
    }

    private static HttpResponse<String> get(RunningApp app, HttpClient client) throws Exception {
        URI uri = URI.create("https://localhost:" + app.port() + "/actuator/health");
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Writes {@code tls.crt} and {@code tls.key} where the profile looks for them. */
    private KeyStore certificate() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path file = folder.resolve("tls.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "web",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        pem(data.resolve("tls.crt"), "CERTIFICATE", store.getCertificate("web").getEncoded());
        pem(
                data.resolve("tls.key"),
                "PRIVATE KEY",
                store.getKey("web", "changeit".toCharArray()).getEncoded());
        return store;
    }

    private static void pem(Path file, String what, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what));
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("web", store.getCertificate("web"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
