package com.xonetwork.tailnet.leadership;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.simulator.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file holds a chain, as cert-manager writes it: its authority gives certificates to others too. */
class SameCertificateTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private final ManualClock steady = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));

    @Test
    void onlyTheFirstOfTheFileIsTheLeaders() throws Exception {
        var store = directory.resolve("store.p12");
        keytool(store, "-alias", "ca", "-dname", "CN=CA", "-ext", "bc:c=ca:true");
        keytool(store, "-alias", "ours", "-dname", "CN=ours", "-signer", "ca");
        keytool(store, "-alias", "other", "-dname", "CN=other", "-signer", "ca");
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var ca = (X509Certificate) keys.getCertificate("ca");
        var ours = (X509Certificate) keys.getCertificate("ours");
        var other = (X509Certificate) keys.getCertificate("other");
        var file = directory.resolve("tls.crt");
        Files.writeString(file, pem(ours) + pem(ca));
        var trust = new SameCertificate(file, steady);

        assertThatCode(() -> trust.checkServerTrusted(new X509Certificate[] {ours, ca}, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
        for (var chain : List.of(
                new X509Certificate[] {other, ca},
                new X509Certificate[] {other, ours, ca},
                new X509Certificate[] {ca},
                new X509Certificate[0])) {
            assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                    .isInstanceOf(CertificateException.class);
        }
        // Renewed, while the process goes on.
        Files.writeString(file, pem(other) + pem(ca));
        assertThatCode(() -> trust.checkServerTrusted(new X509Certificate[] {other, ca}, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
        // The leader has not read it yet.
        steady.advance(SameCertificate.AFTER_RENEWAL.minusSeconds(1));
        assertThatCode(() -> trust.checkServerTrusted(new X509Certificate[] {ours, ca}, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
        steady.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {ours, ca}, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatCode(() -> trust.checkServerTrusted(new X509Certificate[] {other, ca}, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    private static String pem(X509Certificate certificate) throws CertificateException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
    }
}
