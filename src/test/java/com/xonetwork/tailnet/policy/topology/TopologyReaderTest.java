package com.xonetwork.tailnet.policy.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | a topology is an object with \"users\" and \"nodes\"",
                "{'users': {}} | users: not a list",
                "{'users': [{'email': 'a@b.c'}]} | users[0].name: missing",
                "{'users': [{'name': 7}]} | users[0].name: not a string",
                "{'users': [{'name': 'a'}, {'name': 'a'}]} | users: two have the name \"a\"",
                "{'nodes': []} | nodes: not an object of nodes by name",
                "{'nodes': {'n': 1}} | nodes.n: not an object",
                "{'nodes': {'n': {'user': 'a'}}} | nodes.n.user: there is no user \"a\"",
                "{'nodes': {'n': {'ipv4': 'x'}}} | nodes.n.ipv4: not an IP address: \"x\"",
                "{'nodes': {'n': {'tags': 'tag:a'}}} | nodes.n.tags: not a list",
                "{'nodes': {'n': {'tags': [null]}}} | nodes.n.tags[0]: not a string",
                "{'nodes': {'n': {'routable_ips': ['10.0.0.0/99']}}} | nodes.n.routable_ips[0]: not an IP prefix: \"10.0.0.0/99\"",
                "{'nodes': {'n': {'approved_routes': ['10.0.0.0/']}}} | nodes.n.approved_routes[0]: not an IP prefix: \"10.0.0.0/\"",
                "{'nodes': {'n': {}, 'n': {}}} | invalid JSON: Duplicate field 'n' at line 1, column 24",
                "{} {} | invalid JSON: Trailing token (of type START_OBJECT) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS` at line 1, column 4",
            })
    void refuses(String json, String message) {
        assertThatThrownBy(() -> TopologyReader.read(json.replace('\'', '"')))
                .isInstanceOf(TopologyException.class)
                .message()
                .satisfies(text -> assertThat(text).startsWith(message.substring(0, Math.min(60, message.length()))));
    }

    @Test
    void reads_users_and_nodes() {
        Topology topology = TopologyReader.read("""
                {"users": [{"id": 1, "name": "ann", "email": "ann@example.com", "role": "admin"}, {"name": "bob"}],
                 "nodes": {
                   "laptop": {"user": "ann@example.com", "ipv6": "fd7a::1", "ipv4": "100.64.0.1", "tags": [], "seen": true},
                   "router": {"user": "ann", "tags": ["tag:router"], "ipv4": "100.64.0.2",
                              "routable_ips": ["10.0.0.0/8", "0.0.0.0/0", "10.9.0.0/16"],
                              "approved_routes": ["10.0.0.0/8", "172.16.0.0/12", "0.0.0.0/0"],
                              "attributes": {"node:os": "linux"}}}}
                """);

        assertThat(topology.users())
                .containsExactly(
                        new TopologyUser("1", "ann", "ann@example.com", "admin"),
                        new TopologyUser("", "bob", "bob", "member"));
        TopologyNode laptop = topology.node("laptop").orElseThrow();
        assertThat(laptop.user()).isEqualTo("ann");
        assertThat(laptop.addresses()).containsExactly(IpAddress.of("100.64.0.1"), IpAddress.of("fd7a::1"));
        TopologyNode router = topology.node("router").orElseThrow();
        assertThat(router.user()).as("a tagged node is nobody's").isEmpty();
        assertThat(router.subnetRoutes()).containsExactly(IpPrefix.of("10.0.0.0/8"));
        assertThat(router.isExitNode()).isTrue();
        assertThat(router.attributes()).containsEntry("node:os", "linux");
    }

    @Test
    void an_empty_object_is_an_empty_tailnet() {
        assertThat(TopologyReader.read("{\"users\": null, \"nodes\": null}")).isEqualTo(Topology.EMPTY);
    }
}
