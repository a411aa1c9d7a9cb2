package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Any kind adds to the policy file in the same way: nothing of the policy's own classes knows which there are. */
class PolicyContributionTest {

    private static final String OWNED = "{\"acls\": [], \"tagOwners\": {\"tag:router\": [\"a@b.c\"]}}";

    /** A kind that nobody has heard of. */
    private record Piece(String origin, String text) implements PolicyContribution {
        @Override
        public Optional<ObjectNode> fragment(Set<String> ownedTags, PolicySyntax syntax) {
            return Optional.of(PolicyText.parse(text));
        }
    }

    private static final PolicyContribution HOSTS = new Piece("Lighthouses", "{\"hosts\": {\"light\": \"10.9.9.9\"}}");
    private static final PolicyContribution NOTHING = new PolicyContribution() {
        @Override
        public String origin() {
            return "Nothings";
        }

        @Override
        public Optional<ObjectNode> fragment(Set<String> ownedTags, PolicySyntax syntax) {
            return Optional.empty();
        }
    };

    @Test
    void allThatIsContributedIsPublishedWithWhatUsersSay() {
        var text = Planning.of(policy("base").says(OWNED))
                .approving("10.0.0.0/8", "tag:router")
                .contributing(HOSTS)
                .contributing(NOTHING)
                .plan()
                .publication()
                .orElseThrow()
                .text();

        assertThat(text).contains("tagOwners", "autoApprovers", "light", "10.9.9.9");
    }

    @Test
    void whatIsContributedIsNotWhatUsersSaid() {
        var merged = MergedFragments.of(
                Stream.of(policy("base").says(OWNED).build()).toList(),
                List.of(HOSTS, NOTHING),
                Optional.of(PolicySyntax.TAILSCALE));

        assertThat(merged.view().policy().has("hosts")).isTrue();
        assertThat(merged.said().policy().has("hosts")).isFalse();
        assertThat(merged.addedBy("hosts")).isEqualTo("Lighthouses");
        assertThat(merged.addedBy("tagOwners")).isEmpty();
        assertThat(merged.additions()).isEqualTo("the hosts of Lighthouses");
    }

    @Test
    void aPartThatIsNotKnownYetKeepsThePolicyInForce() {
        var plan = Planning.of(policy("base").says(OWNED))
                .inForce("{}")
                .contributing(HOSTS)
                .contributing(PolicyContribution.unknown("Tides", "the moon is not known"))
                .plan();

        assertThat(plan.publication()).isEmpty();
        assertThat(plan.fact().status()).isEqualTo(Condition.UNKNOWN);
        assertThat(plan.fact().reason()).isEqualTo(Reason.TAILNET_NOT_READY);
        assertThat(plan.fact().message()).isEqualTo("the moon is not known");
    }

    /** Half of the policy would be worse than none, and whoever wrote the AclPolicy meant what it says. */
    @Test
    void whatContradictsAnAclPolicyKeepsThePolicyInForceAndIsToldByItsOrigin() {
        var plan = Planning.of(policy("base").says("{\"hosts\": {\"light\": \"10.0.0.1\"}}"))
                .inForce("{}")
                .contributing(HOSTS)
                .plan();

        assertThat(plan.publication()).isEmpty();
        assertThat(plan.fact().status()).isEqualTo(Condition.FALSE);
        assertThat(plan.fact().reason()).isEqualTo(Reason.FRAGMENT_NOT_ACCEPTED);
        assertThat(plan.fact().message())
                .startsWith(
                        "the policy in force stays as it is until an AclPolicy is corrected: what the operator adds for"
                                + " Lighthouses cannot be merged: ")
                .contains("\"base\"", "10.0.0.1", "10.9.9.9")
                .endsWith("Change or remove it in \"base\".")
                .doesNotContain("" + Integer.MIN_VALUE);
    }

    @Test
    void whoComparesIsToldWhoAddsWhat() {
        var observed = Planning.of(policy("base").says(OWNED))
                .observing()
                .inForce(OWNED)
                .approving("10.0.0.0/8", "tag:router")
                .contributing(HOSTS)
                .plan();
        assertThat(observed.fact().message())
                .endsWith(
                        "; with policy.mode: Enforce the operator adds the autoApprovers of SubnetRoutes and ExitNodes,"
                                + " and the hosts of Lighthouses");

        var pending = Planning.of(policy("base").says(OWNED))
                .owned()
                .inForce(OWNED)
                .contributing(HOSTS)
                .plan();
        assertThat(pending.fact().message()).contains("in hosts (only by what the operator adds for Lighthouses)");
    }
}
