package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsTest {

    private static final String DNS = "/tailnet/-/dns/";

    private final TailnetSimulator simulator = new TailnetSimulator();
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "dns");
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | nameservers | {\"dns\":[\"nonsense\"]} | invalid nameserver \"nonsense\"",
                "POST | nameservers | {\"dns\":\"1.1.1.1\"} | invalid request body",
                "POST | preferences | {} | invalid request body",
                "POST | preferences | {\"magicDNS\":true} | need at least one nameserver to enable MagicDNS",
                "PUT | split-dns | {\"a.example\":[\"b.example\"]} | invalid nameserver \"b.example\"",
                "POST | configuration | nonsense | invalid request body",
            })
    void badInputChangesNothing(String method, String path, String body, String message) throws Exception {
        var before = api.get(DNS + "configuration").body();
        var refusal = api.send(method, DNS + path, body);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(api.get(DNS + "configuration").body()).isEqualTo(before);
    }

    @Test
    void withoutNameserversMagicDnsGoesOffAndStaysOff() throws Exception {
        assertThat(api.get(DNS + "preferences").body()).isEqualTo("{\"magicDNS\":true}");
        assertThat(api.post(DNS + "nameservers", "{\"dns\":[\"1.1.1.1\"]}").body())
                .isEqualTo("{\"dns\":[\"1.1.1.1\"],\"magicDNS\":true}");
        assertThat(api.post(DNS + "nameservers", "{\"dns\":[]}").body()).isEqualTo("{\"dns\":[],\"magicDNS\":false}");
        assertThat(api.post(DNS + "nameservers", "{\"dns\":[\"1.1.1.1\"]}")
                        .json()
                        .path("magicDNS")
                        .asBoolean())
                .isFalse();
        assertThat(api.post(DNS + "preferences", "{\"magicDNS\":true}").status())
                .isEqualTo(200);
    }

    @Test
    void splitDnsIsMergedByPatchAndReplacedByPut() throws Exception {
        api.send("PUT", DNS + "split-dns", "{\"a.example\":[\"10.0.0.1\"],\"b.example\":[\"10.0.0.2\"]}");
        var merged = api.send("PATCH", DNS + "split-dns", "{\"a.example\":null,\"c.example\":[\"10.0.0.3\"]}");
        assertThat(merged.body()).isEqualTo("{\"b.example\":[\"10.0.0.2\"],\"c.example\":[\"10.0.0.3\"]}");
        assertThat(api.send("PUT", DNS + "split-dns", "{}").body()).isEqualTo("{}");
    }

    @Test
    void allDocumentsShowOneState() throws Exception {
        var whole = "{\"nameservers\":[{\"address\":\"8.8.8.8\",\"useWithExitNode\":true}],"
                + "\"splitDNS\":{\"a.example\":[{\"address\":\"10.0.0.1\"}]},"
                + "\"searchPaths\":[\"corp.example\"],\"preferences\":{\"magicDNS\":true}}";
        assertThat(api.post(DNS + "configuration", whole).body()).isEqualTo(whole);
        assertThat(api.get(DNS + "nameservers").body()).isEqualTo("{\"dns\":[\"8.8.8.8\"]}");
        assertThat(api.get(DNS + "split-dns").body()).isEqualTo("{\"a.example\":[\"10.0.0.1\"]}");
        assertThat(api.get(DNS + "searchpaths").body()).isEqualTo("{\"searchPaths\":[\"corp.example\"]}");
        assertThat(api.post(DNS + "configuration", "{}").body()).isEqualTo("{\"preferences\":{}}");
    }
}
