package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsersTest {

    private static final String OWNER = "/users/u000001CNTRL";

    private final TailnetSimulator simulator = new TailnetSimulator();
    private Api api;
    private String bob;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "users");
        api = new Api(simulator, "key");
        bob = "/users/"
                + simulator
                        .addUser(SimUser.named("bob@example.com").withStatus("needs-approval"))
                        .id();
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    private String bobs(String field) throws Exception {
        return api.get(bob).json().path(field).asText();
    }

    @Test
    void badInputIsRefused() throws Exception {
        assertThat(api.get("/users/nobody").message()).isEqualTo("user not found");
        assertThat(api.get("/tailnet/-/users?role=king").status()).isEqualTo(400);
        assertThat(api.post(bob + "/role", "{\"role\":\"king\"}").status()).isEqualTo(400);
        assertThat(bobs("role")).isEqualTo("member");
    }

    @Test
    void nobodyChangesThemselves() throws Exception {
        var refusal = api.post(OWNER + "/role", "{\"role\":\"member\"}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("not allowed to change own role");
        assertThat(api.post(OWNER + "/suspend", "").status()).isEqualTo(400);
        assertThat(api.post(OWNER + "/delete", "").status()).isEqualTo(400);
        assertThat(simulator.users()).hasSize(2);
    }

    @Test
    void anOAuthClientIsNoUserAndCannotChangeRoles() throws Exception {
        simulator.addOAuthClient("c", "s", "users");
        var token = api.token(Map.of("client_id", "c", "client_secret", "s"))
                .json()
                .path("access_token")
                .asText();
        try (var client = new Api(simulator, token)) {
            var refusal = client.post(bob + "/role", "{\"role\":\"admin\"}");
            assertThat(refusal.status()).isEqualTo(500);
            assertThat(refusal.message()).isEqualTo("failed to lookup actor info");
            assertThat(client.post(bob + "/approve", "").status()).isEqualTo(200);
        }
    }

    @Test
    void aUserIsApprovedSuspendedRestoredPromotedAndDeleted() throws Exception {
        api.post(bob + "/approve", "");
        assertThat(bobs("status")).isEqualTo("active");
        api.post(bob + "/suspend", "");
        assertThat(bobs("status")).isEqualTo("suspended");
        api.post(bob + "/restore", "");
        assertThat(bobs("status")).isEqualTo("active");
        api.post(bob + "/role", "{\"role\":\"admin\"}");
        assertThat(bobs("role")).isEqualTo("admin");
        assertThat(api.get("/tailnet/-/users?role=admin").json().path("users")).hasSize(1);
        api.post(bob + "/delete", "");
        assertThat(api.get(bob).status()).isEqualTo(404);
    }

    @Test
    void devicesCountForTheirUserAndSharersAreListedApart() throws Exception {
        simulator.addDevice(SimDevice.named("phone").user("bob@example.com"));
        simulator.addUser(SimUser.named("eve@other.example").withType("shared"));
        assertThat(api.get(bob).json().path("deviceCount").asInt()).isEqualTo(1);
        assertThat(api.get(bob).json().path("currentlyConnected").asBoolean()).isTrue();
        assertThat(api.get("/tailnet/-/users").json().path("users")).hasSize(2);
        assertThat(api.get("/tailnet/-/users?type=all").json().path("users")).hasSize(3);
    }
}
