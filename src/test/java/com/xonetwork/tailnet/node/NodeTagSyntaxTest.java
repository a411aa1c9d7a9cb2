package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.TAGS_IN_SYNC;
import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.node.DeviceAction.SetTags;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tags are sent, the node's control plane decides. */
class NodeTagSyntaxTest {

    @ParameterizedTest
    @ValueSource(strings = {"tag:my_server", "tag:location:sgp1", "tag:prod.eu", "tag:büro", "tag:a,b", "tag:a@b"})
    void headscaleIsAskedForTagsOfItsOwn(String tag) {
        var answer = Planning.of(node("web-1").tags(tag))
                .tailnetIs(tailnet("home").headscale("https://hs.example.com").build())
                .on(device("1", "web-1").build())
                .plan();
        assertThat(answer.actions()).containsExactly(new SetTags("1", new TreeSet<>(List.of(tag)), "none"));
    }

    @Test
    void tailscaleIsNotAskedForTagsThatItDoesNotTake() {
        var answer = Planning.of(node("web-1").tags("tag:web"))
                .on(device("1", "web-1").build())
                .with(nodeClass("odd").hostnames("*").tags("tag:my_server"))
                .plan();
        assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/Invalid");
        assertThat(answer.message(TAGS_IN_SYNC))
                .contains(
                        "Tailscale does not accept tag:my_server, which NodeClass/odd sets",
                        "numbers, letters, or dashes")
                .contains("Use another tag there", "none of the node's tags is written");
        assertThat(answer.actions()).isEmpty();
    }

    @Test
    void headscaleWritesNoUpperCase() {
        var planning = Planning.of(node("web-1").tags("tag:Web"))
                .tailnetIs(tailnet("home").headscale("https://hs.example.com").build());
        var answer = planning.on(device("1", "web-1").build()).plan();
        assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/Invalid");
        assertThat(answer.message(TAGS_IN_SYNC))
                .contains("accept tag:Web, which spec.tags sets", "tag should be lowercase");

        var carried = planning.on(device("1", "web-1").tags("tag:Web").build()).plan();
        assertThat(carried.said(TAGS_IN_SYNC)).as("as the machine asked for it").isEqualTo("True/InSync");
    }

    @Test
    void whileItIsNotKnownWhoAnswersTheControlPlaneTells() {
        var answer = Planning.of(node("web-1").tags("tag:my_server"))
                .tailnetIs(
                        tailnet("home").tailscale("https://hs.example.com", "-").build())
                .on(TestView.of(device("1", "web-1").build()).without(Capability.TAILSCALE_POLICY_SYNTAX))
                .plan();
        assertThat(answer.actions()).hasSize(1);
    }
}
