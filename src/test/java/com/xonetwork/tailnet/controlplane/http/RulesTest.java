package com.xonetwork.tailnet.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.AddressRules;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small pure rules: URLs, addresses, paths, Retry-After, policy texts. */
class RulesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "https://api.tailscale.com, true, api.tailscale.com, 443, ''",
        "https://API.Tailscale.com/, true, api.tailscale.com, 443, ''",
        "https://hs.example.com:8443/base/, true, hs.example.com, 8443, /base",
        "https://[fd00::1]:8443, true, fd00::1, 8443, ''",
        "http://headscale.svc:8080, false, headscale.svc, 8080, ''",
        "HTTP://Headscale.svc, false, headscale.svc, 80, ''",
    })
    void acceptsPlainUrls(String url, boolean tls, String host, int port, String prefix) {
        assertThat(Endpoint.of(URI.create(url), Set.of("headscale.svc")))
                .isEqualTo(new Endpoint(tls, host, port, prefix));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.tailscale.com",
                "http://headscale.svc.evil.example",
                "ftp://headscale.svc",
                "api.tailscale.com",
                "//api.tailscale.com",
                "https:api.tailscale.com",
                "https://user:hunter2@api.tailscale.com",
                "https://user@api.tailscale.com",
                "https://api.tailscale.com?hunter2",
                "https://api.tailscale.com#hunter2",
                "https://api.tailscale.com:0",
                "https://api.tailscale.com:70000",
                "https://under_score.example.com",
                "https://api.tailscale.com/api/v2",
                "https://api.tailscale.com/a/../b",
                "https://api.tailscale.com/%2e%2e/b",
                "https://api.tailscale.com/a;b=c",
                "https://",
            })
    void refusesOtherUrlsWithoutRepeatingThem(String url) {
        var uri = url.equals("https://") ? URI.create("https:///") : URI.create(url);
        assertThatThrownBy(() -> Endpoint.of(uri, Set.of("headscale.svc")))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageContaining("URL is refused")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "fe80::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "::169.254.169.254",
                "fd00:ec2::23",
                "fd00:ec2::123",
                "fd20:ce::254",
                "fd00:c1::a9fe:a9fe",
                "fd00:100::100:200",
                "fd00:42::42",
                "fd00:a9fe:a9fe::1",
                "168.63.129.16",
                "192.0.0.192",
                "2002:a9fe:a9fe::1",
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9:fe:a9fe::"
            })
    void refusesAddressesThatNoControlPlaneHas(String address) throws Exception {
        assertThat(new AddressRules().permitted(List.of(InetAddress.getByName(address))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.0.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "fd00::1",
                "2606:4700::1",
                "8.8.8.8",
                "64:ff9b::808:808",
                "64:ff9b:1::808:808",
                "2002:808:808::1",
                "2001:db8::a9fe:a9fe"
            })
    void permitsPrivateAndPublicAddresses(String address) throws Exception {
        var inet = InetAddress.getByName(address);
        assertThat(new AddressRules().permitted(List.of(InetAddress.getByName("169.254.1.1"), inet)))
                .containsExactly(inet);
    }

    @Test
    void encodesEachPathElement() {
        assertThat(RequestPath.of("device", "a/b?c#d e%", "svc:web", "ä")
                        .query("fields", "all")
                        .query("q", "a&b=c")
                        .toString())
                .isEqualTo("/device/a%2Fb%3Fc%23d%20e%25/svc:web/%C3%A4?fields=all&q=a%26b%3Dc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", ".."})
    void refusesPathElementsThatWouldAddressSomethingElse(String element) {
        assertThatThrownBy(() -> RequestPath.of("device", element)).isInstanceOf(ControlPlaneException.Rejected.class);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "' 7 ', 7",
        "3600, 60",
        "99999999999999999999, 60",
        "'Tue, 24 Nov 2026 10:00:09 GMT', 9",
        "'Tue, 24 Nov 2026 12:00:00 GMT', 60",
    })
    void readsRetryAfterInBothFormsCapped(String value, long seconds) {
        assertThat(retryAfter(value)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "soon", "", "1.5", "Tue, 24 Nov 2026 09:59:59 GMT"})
    void ignoresRetryAfterThatSaysNothing(String value) {
        assertThat(retryAfter(value)).isEmpty();
    }

    private static java.util.Optional<Duration> retryAfter(String value) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("retry-after", value);
        var answer = new Answer(Operation.get("op", null), 429, headers, Buffer.buffer());
        return new RetryAfter(Clock.fixed(NOW, ZoneOffset.UTC)).of(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "// nothing\n", "/* nothing */", "null", "{}", "{ /* nothing */ }", "[]"})
    void refusesPoliciesThatSayNothing(String text) {
        assertThatThrownBy(() -> new PolicyBodyCheck().requireContent(text))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageContaining("allows everything");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"acls\": []}", "// hi\n{\"grants\": [],}", "{ broken"})
    void letsOtherPoliciesPassToTheService(String text) {
        new PolicyBodyCheck().requireContent(text);
    }

    @Test
    void tellsAWholePolicyFromARest() {
        var policies = new PolicyBodyCheck();
        assertThat(policies.isObject("// hi\n{\"acls\": [], // x\n}\n")).isTrue();
        assertThat(policies.isObject("{\"acls\": [")).isFalse();
        assertThat(policies.isObject("{} {}")).isFalse();
        assertThat(policies.isObject("<html>")).isFalse();
        assertThat(policies.isObject("")).isFalse();
    }

    @Test
    void connectionRulesHaveTheDocumentedDefaults() {
        var rules = ConnectionRules.defaults();
        assertThat(rules.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rules.callTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rules.maxBodyBytes()).isEqualTo(16 * 1024 * 1024);
        assertThat(rules.plainHttpHosts()).isEmpty();
        assertThat(rules.withPlainHttpHosts(Set.of("LocalHost")).plainHttpHosts())
                .containsExactly("localhost");
    }
}
