package com.xonetwork.tailnet.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A door between the operator and the API server that every request passes: plain HTTP/1.1 on loopback in front, TLS behind,
 * one connection behind for each in front. A guard is asked about each write, and may keep it from the API server for ever, or
 * let it through and keep its answer for ever. Everything else, watches included, passes as it is.
 */
final class ApiServerGate implements AutoCloseable {

    private final Function<KubernetesWrite, Passage> guard;
    private final ServerSocket front;
    private final SSLSocketFactory tls;
    private final URI server;

    /** What becomes of a write. */
    enum Passage {
        THROUGH,
        /** The API server never sees it. */
        NEVER,
        /** The API server carries it out, and the operator never learns that it did. */
        WITHOUT_ANSWER
    }

    private ApiServerGate(
            Function<KubernetesWrite, Passage> guard, ServerSocket front, SSLSocketFactory tls, URI server) {
        this.guard = guard;
        this.front = front;
        this.tls = tls;
        this.server = server;
    }

    /** @param kubeconfig says where the API server is, and by which certificate it is known */
    static ApiServerGate open(Path kubeconfig, Function<KubernetesWrite, Passage> guard) {
        var config = Config.fromKubeconfig(kubeconfig.toFile());
        try {
            var gate = new ApiServerGate(
                    guard,
                    new ServerSocket(0, 512, InetAddress.getLoopbackAddress()),
                    trusting(config.getCaCertData()),
                    URI.create(config.getMasterUrl()));
            Thread.ofVirtual().start(gate::accept);
            return gate;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no gate to the API server: " + e, e);
        }
    }

    private static SSLSocketFactory trusting(String caCertData) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var authority = CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(caCertData)));
        store.setCertificateEntry("ca", authority);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** For the operator's kubeconfig. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + front.getLocalPort());
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                var client = front.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                // Closed, or the caller is gone already.
            }
        }
    }

    private void connect(Socket client) {
        try (client;
                var behind = tls.createSocket(server.getHost(), server.getPort())) {
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            var kept = new AtomicReference<KubernetesWrite>();
            Thread.ofVirtual().start(() -> answers(behind, client, kept));
            requests(client.getInputStream(), behind.getOutputStream(), kept);
        } catch (IOException _) {
            // Either side hung up, which is how connections end.
        }
    }

    /** Ends with the connection. */
    private void requests(InputStream in, OutputStream out, AtomicReference<KubernetesWrite> kept) throws IOException {
        for (var request = HttpMessage.read(in); request != null; request = HttpMessage.read(in)) {
            var passage = Passage.THROUGH;
            if (request.isWrite()) {
                var write =
                        new KubernetesWrite(request.method(), request.path(), new String(request.body(), ISO_8859_1));
                passage = guard.apply(write);
                if (passage == Passage.WITHOUT_ANSWER) {
                    kept.set(write);
                }
            }
            if (passage == Passage.NEVER) {
                // Until the operator hangs up, or dies.
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            out.write(request.bytes());
            out.flush();
            if (request.isUpgrade()) {
                in.transferTo(out);
                return;
            }
        }
    }

    private static void answers(Socket behind, Socket client, AtomicReference<KubernetesWrite> kept) {
        try (client;
                behind) {
            var in = behind.getInputStream();
            var out = client.getOutputStream();
            var buffer = new byte[16 * 1024];
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                var write = kept.get();
                if (write == null) {
                    out.write(buffer, 0, count);
                    out.flush();
                } else {
                    write.answered();
                }
            }
        } catch (IOException _) {
            // Either side hung up.
        }
    }

    @Override
    public void close() {
        try {
            front.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
