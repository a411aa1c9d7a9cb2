package com.xonetwork.tailnet.leadership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.X509TrustManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Trusts one certificate: the first in a file, which is the one that all replicas show. Not its issuers, who give certificates to
 * others too. The file is read for each handshake, as certificates are renewed. Replicas see a renewal at different times, and a server
 * goes on with the former certificate until it reads the file again: that one is trusted for some more minutes.
 */
final class SameCertificate implements X509TrustManager {

    /** Longer than the kubelet and a server that reads its files each minute take together. */
    static final Duration AFTER_RENEWAL = Duration.ofMinutes(10);

    private static final Logger LOG = Logger.getLogger(SameCertificate.class);

    private final Path file;
    private final Clock steady;
    private @Nullable X509Certificate current;
    private @Nullable X509Certificate former;
    private Instant formerUntil = Instant.MIN;

    /** @param steady a clock that nobody sets */
    SameCertificate(Path file, Clock steady) {
        this.file = file;
        this.steady = steady;
        try {
            look();
        } catch (CertificateException e) {
            LOG.warnf("%s. Nothing is forwarded to the leader until the file %s can be read", e.getMessage(), file);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain.length == 0 || !isOurs(chain[0])) {
            throw new CertificateException("the leader does not show the certificate in " + file);
        }
        chain[0].checkValidity();
    }

    private synchronized boolean isOurs(X509Certificate shown) throws CertificateException {
        look();
        return shown.equals(current)
                || (shown.equals(former) && steady.instant().isBefore(formerUntil));
    }

    private synchronized void look() throws CertificateException {
        var now = read();
        if (current != null && !current.equals(now)) {
            former = current;
            formerUntil = steady.instant().plus(AFTER_RENEWAL);
        }
        current = now;
    }

    private X509Certificate read() throws CertificateException {
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
