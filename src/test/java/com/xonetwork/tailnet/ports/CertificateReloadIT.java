package com.xonetwork.tailnet.ports;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testing.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The API's certificate is renewed in its Secret, as the kubelet shows it. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class CertificateReloadIT {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    /** Who is there is asked, and not whether it may be trusted. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart(Scene scene) throws Exception {
        var port = FreePort.find();
        secret("one");
        for (var file : new String[] {"tls.crt", "tls.key"}) {
            Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
        }
        var settings = Map.of(
                "QUARKUS_HTTP_INSECURE_REQUESTS",
                "disabled",
                "QUARKUS_HTTP_SSL_PORT",
                String.valueOf(port),
                "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
                directory.resolve("tls.crt").toString(),
                "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
                directory.resolve("tls.key").toString(),
                // The least that there is; the chart has a minute.
                "QUARKUS_HTTP_SSL_CERTIFICATE_RELOAD_PERIOD",
                "30S");
        try (var operator = scene.operator().beside(scene.cluster().namespace(), settings)) {
            // It is ready a moment before it listens.
            scene.soon()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(shown(port)).isEqualTo("CN=one HTTP/1.1 401"));

            secret("two");
            // Whoever comes in the very moment of the change is cut off.
            scene.soon()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(shown(port)).isEqualTo("CN=two HTTP/1.1 401"));
            assertThat(operator.isAlive()).as("the same process").isTrue();
        }
    }

    /** What the Secret holds from now on: files in a directory of their own, to which one link leads. */
    private void secret(String name) throws Exception {
        var store = directory.resolve(name + ".p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "api",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        String.valueOf(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool").toFile())
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        var files = Files.createDirectory(directory.resolve(".." + name));
        Files.writeString(
                files.resolve("tls.crt"),
                pem("CERTIFICATE", keys.getCertificate("api").getEncoded()));
        Files.writeString(
                files.resolve("tls.key"),
                pem("PRIVATE KEY", keys.getKey("api", PASSWORD).getEncoded()));
        var link = Files.createSymbolicLink(directory.resolve("..data_tmp"), files.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    }

    /** Whose certificate is shown, and the beginning of the answer to a caller without a token. */
    private static String shown(int port) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            var who = ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal();
            socket.getOutputStream()
                    .write("GET /api/runs HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            return who.getName() + " " + begin(socket.getInputStream());
        }
    }

    private static String begin(InputStream answer) throws IOException {
        return new String(answer.readNBytes("HTTP/1.1 401".length()), US_ASCII);
    }
}
