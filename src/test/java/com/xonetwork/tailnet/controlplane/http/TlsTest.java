package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {

    @TempDir
    static Path directory;

    private static TestAuthority authority;

    private final HttpServerOptions options = new HttpServerOptions()
            .setSsl(true)
            .setSni(true)
            .setKeyCertOptions(
                    new PfxOptions().setPath(authority.keyStore().toString()).setPassword(TestAuthority.PASSWORD));

    @RegisterExtension
    final StubServer stub = new StubServer(options);

    private final TestConnection test = new TestConnection();

    @BeforeAll
    static void makeAuthority() throws Exception {
        authority = TestAuthority.create(directory);
    }

    @Test
    void privateAuthorityIsTrustedForTheNameInTheUrl() {
        test.caPem = "# our CA\n" + authority.caPem();
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, URI.create("https://control.test:" + stub.port()))) {
            assertThat(connection.send(call(READ)).status()).isEqualTo(200);
        }
        assertThat(stub.last().serverName()).isEqualTo("control.test");
    }

    @Test
    void withoutItTheServerIsNotTrustedAndSeesNothing() {
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, URI.create("https://control.test:" + stub.port()))) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessageStartingWith("readThing: no secure connection to control.test: ");
        }
        assertThat(stub.received()).isEmpty();
        assertThat(test.observed).as("another attempt would not help").hasSize(1);
    }

    @Test
    void hostNameIsStillCompared() {
        test.caPem = authority.caPem();
        stub.answers(Reply.json("{}"));
        for (var host : new String[] {"other.test", "127.0.0.1"}) {
            try (var connection = test.open(stub, URI.create("https://" + host + ":" + stub.port()))) {
                assertThatThrownBy(() -> connection.send(call(READ)))
                        .isInstanceOf(ControlPlaneException.Unavailable.class)
                        .hasMessageContaining("no secure connection to " + host);
            }
        }
        assertThat(stub.received()).isEmpty();
    }

    @Test
    void systemAuthoritiesStayTrusted() throws Exception {
        var system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        system.init((java.security.KeyStore) null);
        var trusted = TrustBundle.withSystem(authority.caPem()).getTrustManagerFactory(stub.vertx());

        assertThat(issuers(trusted)).hasSize(issuers(system).length + 1).contains(issuers(system));
    }

    private static java.security.cert.X509Certificate[] issuers(TrustManagerFactory factory) {
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow()
                .getAcceptedIssuers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nAAAA",
                "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----",
            })
    void malformedPemIsRefusedWithAReason(String pem) {
        assertThatThrownBy(() -> TrustBundle.withSystem(pem))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageStartingWith("the CA bundle (PEM) is refused: ")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void wholeCertificateBesideAHalfOneIsRefused() {
        var pem = authority.caPem() + authority.caPem().substring(0, 100);

        assertThatThrownBy(() -> TrustBundle.withSystem(pem)).isInstanceOf(ControlPlaneException.Rejected.class);
    }
}
