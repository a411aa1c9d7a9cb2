package com.xonetwork.tailnet.leadership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts one certificate: the first in a file, which is the one that all replicas show. Not its issuers, who give certificates to
 * others too. The file is read for each handshake, as certificates are renewed.
 */
final class SameCertificate implements X509TrustManager {

    private final Path file;

    SameCertificate(Path file) {
        this.file = file;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain.length == 0 || !chain[0].equals(own())) {
            throw new CertificateException("the leader does not show the certificate in " + file);
        }
        chain[0].checkValidity();
    }

    private X509Certificate own() throws CertificateException {
        try (var content = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(content);
        } catch (IOException e) {
            throw new CertificateException("the certificate of the replicas cannot be read", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("nobody is a client here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
