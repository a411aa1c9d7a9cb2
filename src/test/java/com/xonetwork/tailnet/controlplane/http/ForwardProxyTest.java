package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.testing.FreePort;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control planes through a real HTTP proxy, which knows names that this machine does not. */
class ForwardProxyTest {

    private static final String PASSWORD = "proxy-pa55:word ${x}";

    @TempDir
    static Path directory;

    private static TestAuthority authority;

    @RegisterExtension
    final StubServer stub = new StubServer(new HttpServerOptions()
            .setSsl(true)
            .setSni(true)
            .setKeyCertOptions(
                    new PfxOptions().setPath(authority.keyStore().toString()).setPassword(TestAuthority.PASSWORD)));

    @RegisterExtension
    final StubServer plain = new StubServer();

    private final TestConnection test = new TestConnection();

    @BeforeAll
    static void makeAuthority() throws Exception {
        authority = TestAuthority.create(directory);
    }

    @BeforeEach
    void nobodyHereKnowsTheName() {
        test.caPem = authority.caPem();
        test.rules = test.rules.withPlainHttpHosts(Set.of("127.0.0.1"));
        test.resolver = host -> {
            throw new UnknownHostException(host);
        };
        stub.answers(Reply.json("{}"));
        plain.answers(Reply.json("{}"));
    }

    private ConnectProxy proxy(ToIntFunction<HttpServerRequest> verdict) {
        return new ConnectProxy(stub.vertx(), verdict);
    }

    private void use(int port, boolean credentials, String... noProxy) {
        var url = URI.create("http://127.0.0.1:" + port);
        var files = credentials ? Optional.of(credentials()) : Optional.<Path>empty();
        test.rules = test.rules.through(ForwardProxy.of(url, files, List.of(noProxy)));
    }

    private static Path credentials() {
        try {
            Files.writeString(directory.resolve("username"), "operator\n");
            Files.writeString(directory.resolve("password"), PASSWORD + "\n");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpConnection open() {
        return test.open(stub, URI.create("https://control.test:" + stub.port()));
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("operator:" + PASSWORD).getBytes(UTF_8));
    }

    @Test
    void theProxyFindsTheHostAndSeesItsNameOnly() {
        try (var proxy = proxy(request -> 200)) {
            use(proxy.port(), false);
            try (var connection = open()) {
                assertThat(connection.send(call(READ)).status()).isEqualTo(200);
                assertThat(connection.send(call(READ)).status()).isEqualTo(200);
            }
            assertThat(proxy.asked())
                    .as("both calls by one connection")
                    .containsExactly("CONNECT control.test:" + stub.port());
            assertThat(proxy.logins()).containsExactly("null");
        }
        assertThat(stub.last().serverName()).isEqualTo("control.test");
        assertThat(stub.last().headers())
                .containsEntry("authorization", "Bearer " + Settings.API_KEY)
                .doesNotContainKey("proxy-authorization");
    }

    @Test
    void itLogsInWhereTheProxyAsksForIt() {
        try (var proxy = proxy(request -> basic().equals(request.getHeader("Proxy-Authorization")) ? 200 : 407)) {
            use(proxy.port(), true);
            try (var connection = open()) {
                assertThat(connection.send(call(READ)).status()).isEqualTo(200);
            }
            assertThat(proxy.logins()).containsExactly(basic());
        }
        assertThat(stub.last().headers()).doesNotContainKey("proxy-authorization");
    }

    @ParameterizedTest
    @CsvSource({"407,true", "407,false", "403,true", "502,false"})
    void aRefusalOfTheProxyIsToldWithoutItsPassword(int status, boolean credentials) {
        try (var proxy = proxy(request -> status)) {
            use(proxy.port(), credentials);
            try (var connection = open()) {
                assertThatThrownBy(() -> connection.send(call(READ)))
                        .isInstanceOf(ControlPlaneException.Unavailable.class)
                        .hasMessage("readThing: proxy 127.0.0.1:" + proxy.port()
                                + " does not connect to control.test: HTTP status " + status)
                        .hasMessageNotContaining("pa55")
                        .hasMessageNotContaining(basic().substring(6));
            }
        }
        assertThat(stub.received()).isEmpty();
    }

    @Test
    void aProxyThatIsNotThereIsNamed() {
        use(FreePort.find(), true);
        try (var connection = open()) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessageContaining("no connection to proxy 127.0.0.1:");
        }
    }

    /** Who sits at the proxy is not the host that the URL names. */
    @Test
    void theCertificateIsStillComparedWithTheNameInTheUrl() {
        try (var proxy = proxy(request -> 200)) {
            use(proxy.port(), false);
            try (var connection = test.open(stub, URI.create("https://other.test:" + stub.port()))) {
                assertThatThrownBy(() -> connection.send(call(READ)))
                        .hasMessageContaining("no secure connection to other.test");
            }
        }
        assertThat(stub.received()).isEmpty();
    }

    @Test
    void whatIsNotEncryptedDoesNotGoThroughIt() {
        test.resolver = HostResolver.system();
        try (var proxy = proxy(request -> 200)) {
            use(proxy.port(), true);
            try (var connection = test.open(plain)) {
                assertThat(connection.send(call(READ)).status()).isEqualTo(200);
            }
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "[fe80::1]", "0.0.0.0"})
    void anAddressThatNoControlPlaneHasIsRefusedAllTheSame(String address) {
        test.resolver = HostResolver.system();
        try (var proxy = proxy(request -> 200)) {
            use(proxy.port(), false);
            try (var connection = test.open(stub, URI.create("https://" + address + ":" + stub.port()))) {
                assertThatThrownBy(() -> connection.send(call(READ)))
                        .isInstanceOf(ControlPlaneException.Rejected.class)
                        .hasMessageContaining("an address that a control plane cannot have");
            }
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "control.test | control.test | true",
                "a.control.test | control.test | true",
                "a.control.test | .control.test | true",
                "a.control.test | *.Control.Test | true",
                "acontrol.test | control.test | false",
                "control.test.evil | control.test | false",
                "control.test | test | true",
                "10.1.2.3 | 10.0.0.0/8 | true",
                "11.1.2.3 | 10.0.0.0/8 | false",
                "fd00::1 | fd00::/8 | true",
                "10.1.2.3 | 3 | false",
                "control.test | 10.0.0.0/8 | false",
                "10.1.2.3 | | false",
            })
    void whichHostsAreReachedDirectly(String host, String noProxy, boolean direct) {
        var exceptions = noProxy == null ? List.of("", " ") : List.of("unrelated.test", noProxy);
        var proxy = ForwardProxy.of(URI.create("http://proxy.test:3128"), Optional.empty(), exceptions);
        assertThat(proxy.isFor(new Endpoint(true, host, 443, ""))).isEqualTo(!direct);
        assertThat(proxy.isFor(new Endpoint(false, host, 80, ""))).isFalse();
    }

    @Test
    void aHostThatIsReachedDirectlyIsNotAskedForAtTheProxy() {
        test.resolver = HostResolver.system();
        try (var proxy = proxy(request -> 200)) {
            use(proxy.port(), false, "127.0.0.0/8");
            try (var connection = test.open(stub, URI.create("https://127.0.0.1:" + stub.port()))) {
                assertThatThrownBy(() -> connection.send(call(READ))).hasMessageContaining("no secure connection");
            }
            assertThat(proxy.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://operator:s3cret@proxy.test:3128",
                "http://s3cret@proxy.test:3128",
                "https://proxy.test:3128/s3cret",
                "socks5://s3cret:1080",
                "http://s3cret",
                "http://proxy.test:0/?s3cret",
                "http://proxy.test:3128/s3cret",
                "http://proxy.test:3128?s3cret",
                "http://proxy.test:3128#s3cret",
                "http://s3cret:99999",
                "s3cret:3128",
            })
    void anotherUrlIsRefusedWithoutQuotingIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ForwardProxy.of(URI.create(url), Optional.empty(), List.of()))
                .withMessageStartingWith("the proxy's URL is refused: ")
                .withMessageContaining("controlPlaneProxy.url")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void credentialsThatAreMissingAreNamed(@TempDir Path empty) {
        assertThatThrownBy(() -> ForwardProxy.of(URI.create("http://proxy.test:3128"), Optional.of(empty), List.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the Secret needs the keys username and password");
    }

    @Test
    void itsPasswordIsInNoText() {
        var proxy = ForwardProxy.of(URI.create("http://proxy.test:3128"), Optional.of(credentials()), List.of());
        assertThat(proxy).hasToString("proxy proxy.test:3128");
        assertThat(test.rules.through(proxy).toString()).doesNotContain("pa55");
    }
}
