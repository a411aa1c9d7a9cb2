package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificate authorities of a connection: the system's, and a private one on top. On top, not instead: behind a private
 * CA of today there is often a public certificate tomorrow, and nobody should have to edit two things at once for it.
 */
final class TrustBundle {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

    private TrustBundle() {}

    /**
     * The trust options that add the PEM's certificates to the system's.
     *
     * @throws ControlPlaneException.Rejected when the text is not one or several whole certificates
     */
    static TrustOptions withSystem(String caPem) {
        var added = parse(caPem);
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var authority : systemAuthorities()) {
                store.setCertificateEntry("system-" + number++, authority);
            }
            for (var authority : added) {
                store.setCertificateEntry("added-" + number++, authority);
            }
            return TrustOptions.wrap(factory(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java runtime cannot build a trust store", e);
        }
    }

    private static List<Certificate> systemAuthorities() throws GeneralSecurityException {
        var authorities = new ArrayList<Certificate>();
        for (var manager : factory(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                authorities.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return authorities;
    }

    private static TrustManagerFactory factory(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static List<Certificate> parse(String caPem) {
        long begun = BEGIN.matcher(caPem).results().count();
        var blocks = BLOCK.matcher(caPem).results().map(found -> found.group(1)).toList();
        if (blocks.isEmpty()) {
            throw refused("it holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        if (blocks.size() != begun) {
            throw refused("it holds something else than whole certificates");
        }
        var certificates = new ArrayList<Certificate>();
        for (var block : blocks) {
            certificates.add(certificate(block, certificates.size() + 1));
        }
        return certificates;
    }

    private static Certificate certificate(String base64, int position) {
        try {
            var der = Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw refused("certificate " + position + " in it does not parse");
        }
    }

    private static ControlPlaneException refused(String why) {
        return new ControlPlaneException.Rejected(0, "the CA bundle (PEM) is refused: " + why);
    }
}
