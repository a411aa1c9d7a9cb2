package com.xonetwork.tailnet.policy.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.Captures;
import com.xonetwork.tailnet.policy.Captures.Capture;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyReaderTest {

    static Stream<Capture> accepted() {
        return Captures.all().stream().filter(Capture::accepted);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void readsAllThatTheServiceAccepts(Capture capture) {
        Policy policy = Policy.parse(capture.policy());

        assertThat(policy.structural()).isEmpty();
        assertThat(policy.malformed()).isEmpty();
        assertThat(policy.unknown()).isEmpty();
    }

    @Test
    void notesWhatIsOfTheWrongTypeAndGoesOn() {
        Policy policy = Policy.parse("""
                {"acls": [5, {"action": "accept", "src": "*", "dst": ["a:1", 7]}], "groups": [], "Tests": {},
                 "hosts": {"h": 1}, "novelty": 1}
                """);

        assertThat(policy.structural())
                .extracting(Problem::message)
                .containsExactlyInAnyOrder(
                        "acls[0] must be an object, not a number",
                        "acls[1].src must be a list, not a string",
                        "acls[1].dst[1] must be a string, not a number",
                        "groups must be an object, not a list",
                        "Tests must be a list, not an object",
                        "hosts.h must be a string, not a number");
        assertThat(policy.unknown()).extracting(Problem::message).containsExactly("unknown field \"novelty\"");
        assertThat(policy.acls()).extracting(Acl::index).containsExactly(1);
        assertThat(Policy.parse("[]").structural())
                .extracting(Problem::message)
                .containsExactly("a policy must be an object, not a list");
    }

    @Test
    void readsNamesWithoutRegardToCase() {
        Policy policy =
                Policy.parse("{\"ACLs\": [{\"Action\": \"accept\", \"users\": [\"*\"], \"Ports\": [\"*:*\"]}]}");

        assertThat(policy.aclsGiven()).isTrue();
        assertThat(policy.allowsAll()).isFalse();
        assertThat(policy.acls().getFirst().src().getFirst().value()).isEqualTo(new Selector.Wildcard());
        assertThat(policy.unknown()).isEmpty();
        assertThat(Policy.parse("{\"acls\": [], \"ACLs\": []}").structural())
                .extracting(Problem::message)
                .containsExactly("\"ACLs\" and \"acls\" are one name to the service, which ignores case; keep one");
    }

    @Test
    void nullIsAbsent() {
        assertThat(Policy.parse("{\"acls\": null, \"grants\": null}").allowsAll())
                .isTrue();
        assertThat(Policy.parse("{\"grants\": []}").allowsAll()).isFalse();
    }

    @Test
    void knowsWhereThingsStand() {
        Policy policy = Policy.parse("""
                {
                  // who
                  "groups": {"group:é": ["a@b", "c@d"]},
                  "acls": [
                    {"action": "accept", "src": ["*"], "dst": ["tag:a:22", "tag:b:http"]},
                  ],
                }
                """);

        Span bad = policy.acls().getFirst().dst().get(1).span();
        assertThat(policy.malformed())
                .containsEntry(bad, new Malformed("port range \"http\": invalid first integer", false));
        assertThat(policy.describe(bad)).isEqualTo("line 5, column 60 (acls[0].dst[1])");
        assertThat(policy.describe(
                        policy.groups().get("group:é").members().get(1).span()))
                .as("columns are bytes")
                .isEqualTo("line 3, column 34 (groups[\"group:é\"][1])");
    }

    @ParameterizedTest
    @CsvSource({
        "*, Wildcard",
        "' tag:a ', Tag",
        "group:a, Group",
        "group:a@example.com, Group",
        "autogroup:member, AutogroupName",
        "autogroup:novelty, AutogroupName",
        "a@b, User",
        "user:*@b, UserDomain",
        "ipset:a, IpSetName",
        "svc:a, Service",
        "10.0.0.1, Address",
        "::1, Address",
        "10.0.0.0/8, Prefix",
        "10.0.0.1/32, Prefix",
        "10.0.0.1-10.0.0.9, Range",
        "10.0.0.9-10.0.0.1, Host",
        "10.0.0.0/33, Host",
        "db-1, Host",
        "'', Host",
        "%bogus%, Host"
    })
    void tellsSelectorsApart(String text, String kind) {
        Selector selector = Selector.parse(text);

        assertThat(selector.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(selector.text()).isEqualTo(text.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tag:a:22 | tag:a | 22",
                "tag:a:22,80-90,* | tag:a | 22 80-90 *",
                "[fd7a::1]:22 | fd7a::1 | 22",
                "fd7a::1:22 | fd7a::1 | 22",
                "fd00:1::/64:* | fd00:1::/64 | *",
                "autogroup:self:* | autogroup:self | *",
                "' *:* ' | * | *"
            })
    void readsDestinations(String text, String target, String ports) {
        Destination destination = Destination.parse(text).value().orElseThrow();

        assertThat(destination.target().text()).isEqualTo(target);
        assertThat(destination.ports().stream().map(PortRange::toString))
                .containsExactlyElementsOf(List.of(ports.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tag | hostport must contain a colon (\":\")",
                "a,b:22 | host cannot contain a comma (\",\")",
                "a: | invalid port list: \"\"",
                "a:http | port range \"http\": invalid first integer",
                "a:1-x | port range \"1-x\": invalid last integer",
                "a:1-2-3 | port range \"1-2-3\": too many dashes(-)",
                "a:0 | port range \"0\": first port must be >0, or use '*' for wildcard",
                "a:9-1 | port range \"9-1\": first port must be >= last port",
                "a:65536 | port range \"65536\": invalid first integer",
                "a:22,http | port range \"http\": invalid first integer"
            })
    void saysWhatIsWrongWithDestinations(String text, String problem) {
        assertThat(Destination.parse(text).problem()).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "icmp | port range \"icmp\": invalid first integer",
                "tcp:0 | port range \"0\": first port must be >0, or use '*' for wildcard",
                "tcp:22:1 | expected only one colon in Internet protocol and port type",
                "foo:22 | proto name \"foo\" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)",
                "06:22 | leading 0 not permitted in protocol number \"06\"",
                "99:* | IP protocol 99 is reserved for use by Tailscale",
                ":22 | empty protocol",
                "'' | empty string"
            })
    void saysWhatIsWrongWithPorts(String text, String problem) {
        assertThat(PortSpec.parse(text).problem()).isEqualTo(problem);
    }
}
