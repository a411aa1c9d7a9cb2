package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuardPair;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.route.AutoApproverContribution;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.TestView;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy is read by the rules of the control plane that gets it, and by no other's. */
class PolicySyntaxPlanTest {

    private static final String OF_HEADSCALE = """
            {
              "tagOwners": {"tag:my_server": ["alice@"], "tag:location:sgp1": [], "tag:büro": []},
              "acls": [{"src": ["tag:my_server"], "dst": ["[fd7a:115c:a1e0::]/48:22", "tag:location:sgp1:443"]}]
            }""";
    private static final List<Device> DEVICES = List.of(
            device("1", "one")
                    .tags("tag:my_server")
                    .addresses("100.64.0.1", "fd7a:115c:a1e0::1")
                    .build(),
            device("2", "two")
                    .tags("tag:location:sgp1")
                    .addresses("100.64.0.2", "fd7a:115c:a1e0::2")
                    .build());

    @Test
    void whatHeadscaleHasInForceCanBeSaidInAnAclPolicy() {
        var plan = Planning.of(policy("imported").says(OF_HEADSCALE))
                .by(PolicySyntax.HEADSCALE)
                .inForce(OF_HEADSCALE)
                .plan();

        assertThat(plan.fact().reason()).as(plan.fact().message()).isEqualTo(Reason.IN_SYNC);
        assertThat(plan.publication()).isEmpty();
    }

    @Test
    void tailscaleIsNotAskedForWhatItWouldRefuse() {
        var plan = Planning.of(policy("imported").says(OF_HEADSCALE))
                .by(PolicySyntax.TAILSCALE)
                .owned()
                .inForce("{\"acls\": []}")
                .plan();

        assertThat(plan.fact().reason()).isEqualTo(Reason.FRAGMENT_NOT_ACCEPTED);
        assertThat(plan.fact().message())
                .contains("spec.hujson, line 2", "tag:my_server", "can only contain numbers, letters, or dashes");
        assertThat(plan.publication()).isEmpty();
    }

    @Test
    void nothingIsJudgedWhileItIsNotKnownWhoAnswers() {
        var plan = Planning.of(policy("imported").says(OF_HEADSCALE))
                .by(null)
                .on(TestView.of(DEVICES).capabilitiesUnknown())
                .plan();

        assertThat(plan.fact().reason()).isEqualTo(Reason.TAILNET_NOT_READY);
        assertThat(Planning.fragment(plan, "imported").state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aChangeIsPublishedAndItsEffectTold() {
        var plan = Publishing.of(acl("base", OF_HEADSCALE))
                .by(PolicySyntax.HEADSCALE)
                .on(TestView.of(DEVICES))
                .inForce("{'acls': []}")
                .owned()
                .plan();

        assertThat(plan.publishes()).as(plan.message()).isTrue();
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(plan.plan().status()).impact())
                        .changes())
                .anySatisfy(line -> assertThat(line).contains("tag:my_server", "22"))
                .anySatisfy(line -> assertThat(line).contains("tag:my_server", "443", "tag:location:sgp1"));
    }

    @Test
    void guardsAndTestsReadWhatHeadscaleReads() {
        var tests = OF_HEADSCALE.replaceAll("}$", "") + """
                , "tests": [{"src": "tag:my_server", "accept": ["tag:location:sgp1:443"], "deny": ["[fd7a:115c:a1e0::2]:23"]}]}""";
        var guards = new PolicyGuards(
                List.of(new PolicyGuardPair("tag:my_server", "[fd7a:115c:a1e0::2]/128:22", "tcp")),
                List.of(new PolicyGuardPair("tag:location:sgp1", "tag:my_server:22", null)),
                100);
        var fine = Publishing.of(acl("base", tests))
                .by(PolicySyntax.HEADSCALE)
                .on(TestView.of(DEVICES))
                .guards(guards)
                .plan();
        assertThat(fine.publishes()).as(fine.message()).isTrue();

        var fails = Publishing.of(acl("base", tests.replace("::2]:23", "::2]:22")))
                .by(PolicySyntax.HEADSCALE)
                .on(TestView.of(DEVICES))
                .plan();
        assertThat(fails.said()).isEqualTo("False/PolicyRejected");
        assertThat(fails.message()).contains("test(s) failed");
    }

    /** To Headscale this is a user, whom nobody is: nobody may be said to reach anything by it. */
    @Test
    void anAtMakesAUserOfATag() {
        var rule = "{'tagOwners': {'tag:a@b': []}, 'acls': [{'action': 'accept', 'src': ['tag:a@b'], 'dst': ['*:*']}]}";
        var answer = Publishing.of(acl("base", rule))
                .by(PolicySyntax.HEADSCALE)
                .on(TestView.of(device("1", "one")
                        .tags("tag:a@b")
                        .addresses("100.64.0.1")
                        .build()))
                .inForce("{'acls': []}")
                .owned()
                .plan();

        var impact = Objects.requireNonNull(answer.plan().status()).impact();
        assertThat(Objects.requireNonNull(impact).added()).isZero();
    }

    @Test
    void theOperatorNamesNoApproverThatHeadscaleTakesForAUser() {
        var approvers = new AutoApproverContribution(
                new TreeMap<>(Map.of("10.0.0.0/8", new TreeSet<>(Set.of("tag:a@b", "tag:a.b")))),
                new TreeSet<>(Set.of("tag:a@b")));
        var fragment = approvers.fragment(Set.of("tag:a@b", "tag:a.b"), PolicySyntax.HEADSCALE);
        assertThat(fragment.orElseThrow())
                .hasToString("{\"autoApprovers\":{\"routes\":{\"10.0.0.0/8\":[\"tag:a.b\"]}}}");
    }

    @Test
    void anAclPolicyIsJudgedByItsTailnet() {
        var odd = policy("odd").says(OF_HEADSCALE).build();
        assertThat(said(odd, tailnet("home").headscale("https://hs.example.com").build()))
                .isEqualTo(Reason.PENDING);
        assertThat(said(odd, tailnet("home").build())).isEqualTo(Reason.INVALID);
        assertThat(said(
                        odd,
                        tailnet("home")
                                .tailscale("https://api.tailscale.com/", "-")
                                .build()))
                .isEqualTo(Reason.INVALID);
        assertThat(said(
                        odd,
                        tailnet("home").tailscale("https://hs.example.com", "-").build()))
                .as("its Tailnet knows what answers there")
                .isEqualTo(Reason.PENDING);
        var bad = policy("bad").says("{\"tagOwners\": {\"tag:3d\": []}}").build();
        for (var home : List.of(
                tailnet("home").build(), tailnet("home").headscale("https://h").build())) {
            assertThat(said(bad, home)).isEqualTo(Reason.INVALID);
        }
    }

    private static Reason said(AclPolicy policy, Tailnet tailnet) {
        return AclPolicyPlanner.plan(new AclPolicyInput(policy, tailnet))
                .facts()
                .getFirst()
                .reason();
    }

    @Test
    void whoseRulesHold() {
        var all = EnumSet.allOf(Capability.class);
        var without = EnumSet.complementOf(EnumSet.of(Capability.TAILSCALE_POLICY_SYNTAX));
        var tailscale = tailnet("home").build().getSpec();
        var own =
                tailnet("home").tailscale("https://hs.example.com", "-").build().getSpec();
        var headscale =
                tailnet("home").headscale("https://hs.example.com").build().getSpec();

        assertThat(TailnetSyntax.of(tailscale, Set.of())).contains(PolicySyntax.TAILSCALE);
        assertThat(TailnetSyntax.of(tailscale, without))
                .as("whatever was found while it was out of order")
                .contains(PolicySyntax.TAILSCALE);
        assertThat(TailnetSyntax.of(own, all)).contains(PolicySyntax.TAILSCALE);
        assertThat(TailnetSyntax.of(own, without)).contains(PolicySyntax.HEADSCALE);
        assertThat(TailnetSyntax.of(own, Set.of())).isEmpty();
        assertThat(TailnetSyntax.of(headscale, Set.of())).contains(PolicySyntax.HEADSCALE);
    }

    /** Whatever somebody puts there: an answer, soon, and the same for the part and for the whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tag:",
                "tag:a:b:22",
                "tag:\\u202egnp",
                "tag:a\\u0000",
                "tag:a\\\"b",
                "tag:a\\\\",
                "tag::::",
                "[",
                "[]",
                "]:22",
                "[[::]]:1",
                "[::]/0:",
                "::",
                ":",
                "-",
                "*:-",
                "*:--",
                "*:-,-",
                "*:1-2-3",
                "@:@",
                "tag:@:@",
                "group:",
                "autogroup:",
                "%:%",
                "[%]:1",
                "::%:1",
                "[::%]:1",
                "0.0.0.0/00:1",
                "\\ud800:1",
                "tag:a\\n:22",
                "*:99999999999999999999999",
                "*:+-1"
            })
    void hostileTextsGetAnAnswer(String text) {
        for (var syntax : PolicySyntax.values()) {
            for (var word : List.of(text, text + ":22", text.repeat(2000))) {
                var rules = """
                        {"tagOwners": {"%1$s": ["%1$s"]}, "groups": {"%1$s": ["%1$s"]}, "hosts": {"%1$s": "%1$s"},
                         "acls": [{"action": "accept", "src": ["%1$s"], "dst": ["%1$s", "*:%1$s"], "proto": "%1$s"}],
                         "grants": [{"src": ["%1$s"], "dst": ["%1$s"], "ip": ["%1$s"], "via": ["%1$s"]}],
                         "tests": [{"src": "%1$s", "accept": ["%1$s"]}],
                         "autoApprovers": {"exitNode": ["%1$s"], "routes": {"%1$s": ["%1$s"]}}}""".formatted(word);
                var plan = Planning.of(policy("hostile").says(rules))
                        .by(syntax)
                        .on(TestView.of(DEVICES))
                        .owned()
                        .inForce("{\"acls\": []}")
                        .plan();
                assertThat(plan.fact().message()).isNotEmpty();
                assertThat(plan.publication()).as(syntax + " " + word).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PolicySyntax.class)
    void aPolicyOfManyLongTagsIsReadSoon(PolicySyntax syntax) {
        var owners = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            owners.append(i == 0 ? "" : ",")
                    .append("\"tag:x")
                    .append("a-".repeat(50))
                    .append(i)
                    .append("\":[]");
        }
        var plan = Planning.of(policy("large").says("{\"tagOwners\": {" + owners + "}, \"acls\": []}"))
                .by(syntax)
                .on(TestView.of(DEVICES))
                .owned()
                .inForce("{\"acls\": []}")
                .plan();
        assertThat(plan.publication()).isPresent();
    }
}
