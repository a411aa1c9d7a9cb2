package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesTest {

    private static final String DB = "/tailnet/-/services/svc:db";

    private final TailnetSimulator simulator = new TailnetSimulator();
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "services");
        simulator.addDevice(SimDevice.named("web"));
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
                "svc:db | {} | ports are empty, use \"do-not-validate\" to opt out of port validation",
                "svc:db | {\"ports\":[\"udp:53\"]} | invalid port \"udp:53\"",
                "svc:db | {\"ports\":[\"tcp:1\"],\"addrs\":[\"100.80.0.1\",\"fd7a::1\"]} | when creating a new service, addrs must be empty or contain 1 IPv4 address",
                "svc:db | {\"ports\":[\"tcp:1\"],\"addrs\":[\"100.100.100.100\"]} | bad IPv4 address: address is reserved for use by Tailscale",
                "svc:db | {\"ports\":[\"tcp:1\"],\"name\":\"svc:other\"} | service name does not match the path",
                "svc:web | {\"ports\":[\"tcp:1\"]} | name \"web\" is already taken",
                "db | {\"ports\":[\"tcp:1\"]} | invalid service name \"db\"",
            })
    void badInputIsRefused(String name, String body, String message) throws Exception {
        var refusal = api.send("PUT", "/tailnet/-/services/" + name, body);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(api.get("/tailnet/-/services").body()).isEqualTo("{\"vipServices\":[]}");
    }

    @Test
    void aServiceIsMadeReplacedRenamedAndDeleted() throws Exception {
        var made = api.send("PUT", DB, "{\"ports\":[\"tcp:5432\"],\"tags\":[\"tag:db\"]}")
                .json();
        assertThat(made.path("addrs")).hasSize(2);
        assertThat(api.get("/tailnet/-/vip-services/svc:db").json()).isEqualTo(made);
        assertThat(api.send("PUT", DB, "{\"ports\":[\"tcp:1\"]}").message())
                .isEqualTo("when updating a service, addrs must contain 2 elements");
        var body = "{\"name\":\"svc:data\",\"ports\":[\"do-not-validate\"],\"addrs\":" + made.path("addrs") + "}";
        var renamed = api.send("PUT", DB, body).json();
        assertThat(renamed.has("tags")).as("replaced as a whole").isFalse();
        assertThat(api.get(DB).message()).isEqualTo("service not found");
        assertThat(api.delete("/tailnet/-/services/svc:data").status()).isEqualTo(200);
        assertThat(api.delete("/tailnet/-/services/svc:data").status()).isEqualTo(404);
    }
}
