package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    private static final byte[] DER = new byte[300];
    private static final String BASE64 = Base64.getEncoder().encodeToString(DER);

    private static String block(String name, String base64) {
        return "-----BEGIN " + name + "-----\n" + base64 + "\n-----END " + name + "-----\n";
    }

    @Test
    void onlyTheCertificatesAreHandedOn() {
        var pem = "subject=/CN=secret notes\r\n" + block("CERTIFICATE", BASE64) + "password: hunter2\n"
                + block("PRIVATE KEY", BASE64) + block("CERTIFICATE", BASE64.replaceAll("(.{50})", "$1\r\n"));
        var handedOn = Certificates.of(pem).orElseThrow();
        assertThat(handedOn.replaceAll("-----(BEGIN|END) CERTIFICATE-----\n", ""))
                .as("one form")
                .isEqualTo((Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(DER) + "\n").repeat(2));
        assertThat(Certificates.of(handedOn)).contains(handedOn);
    }

    @Test
    void whereThereIsNoneThereIsNothing() {
        assertThat(Certificates.of("")).isEmpty();
        assertThat(Certificates.of(block("PRIVATE KEY", BASE64))).isEmpty();
        assertThat(Certificates.of("-----BEGIN CERTIFICATE-----\nAAAA")).isEmpty();
    }
}
