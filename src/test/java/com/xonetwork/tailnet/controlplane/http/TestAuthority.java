package com.xonetwork.tailnet.controlplane.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A private certificate authority and one server certificate of it for {@code control.test}, made by the JDK's keytool. */
record TestAuthority(Path keyStore, String caPem) {

    static final String PASSWORD = "changeit";

    static TestAuthority create(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        var store = directory.resolve("server.p12");
        keytool(store, "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c=ca:true");
        keytool(store, "-alias", "server", "-dname", "CN=server", "-ext", "san=dns:control.test", "-signer", "ca");
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate("ca").getEncoded());
        // Only the server's entry stays: it is what the server shows.
        keys.deleteEntry("ca");
        try (var out = Files.newOutputStream(store)) {
            keys.store(out, PASSWORD.toCharArray());
        }
        return new TestAuthority(store, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
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
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + output);
        }
    }
}
