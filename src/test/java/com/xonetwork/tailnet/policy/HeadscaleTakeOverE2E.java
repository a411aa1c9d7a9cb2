package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Headscale with a policy, tags and destinations of its own kind is taken over as the how-to says, and loses nothing. */
@RunningOperator
@RealTailnet
class HeadscaleTakeOverE2E {

    private static final String IN_FORCE = """
            {
              // in force before there was an operator
              "tagOwners": {
                "tag:my_server": ["xo@"], "tag:location:sgp1": ["xo@"], "tag:prod.eu": ["xo@"], "tag:büro": ["xo@"], "tag:a,b": ["xo@"],
              },
              "hosts": {"my srv": "100.64.0.99"},
              "acls": [
                {"action": "accept", "src": ["tag:my_server"], "dst": ["[fd7a:115c:a1e0::]/48:22", "tag:location:sgp1:80-90,443"]},
                {"src": ["xo@"], "dst": ["my srv:*", "tag:büro:0-65535"]},
              ],
              "grants": [{"src": ["tag:prod.eu"], "dst": ["*"], "ip": ["tcp:22,80"]}],
            }
            """;

    @Test
    void nothingIsLostAndNothingWritten(Scene scene, TailnetUnderTest tailnet, @TempDir Path directory)
            throws IOException {
        var file = Files.writeString(directory.resolve("policy.hujson"), IN_FORCE);
        tailnet.headscale("policy", "set", "--file", file.toString()).orFail();
        tailnet.startNode("odd", "tag:my_server", "tag:location:sgp1");
        scene.headscale("home", tailnet, "deviceImport: All\npolicy: {mode: Observe, driftCheckInterval: 1s}\n");
        scene.policy("imported", "hujson: |\n" + IN_FORCE.indent(2));

        scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "True", "InSync");
        scene.awaitReady(AclPolicy.class, "imported");
        scene.awaitCondition(TailnetNode.class, "odd", "TagsInSync", "True", "InSync");
        assertThat(scene.get(TailnetNode.class, "odd").getSpec().tags())
                .containsExactlyInAnyOrder("tag:my_server", "tag:location:sgp1");

        scene.client()
                .resources(Tailnet.class)
                .withName("home")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"policy\":{\"mode\":\"Enforce\"}}}");
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.get(Tailnet.class, "home").getMetadata().getAnnotations())
                        .containsKey("tailnet.xo-network.com/owns-policy-of"));
        scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "True", "InSync");
        assertThat(inForce(tailnet)).as("not written").contains("in force before there was an operator");
        assertThat(tags(tailnet)).containsExactlyInAnyOrder("tag:my_server", "tag:location:sgp1");

        scene.nodeClass("eu", "match: {hostnames: [odd]}\ntags: [\"tag:prod.eu\"]");
        scene.soon()
                .untilAsserted(() -> assertThat(tags(tailnet))
                        .containsExactlyInAnyOrder("tag:my_server", "tag:location:sgp1", "tag:prod.eu"));
        scene.awaitCondition(TailnetNode.class, "odd", "TagsInSync", "True", "InSync");

        scene.node("joiner", "hostname: joiner\ntags: [\"tag:büro\", \"tag:a,b\"]\njoin: {manual: {}}");
        scene.awaitCondition(TailnetNode.class, "joiner", "JoinKeyReady", "True", "KeyIssued");
        var key = keyId(scene);

        scene.policy("more", "fragment: {tagOwners: {\"tag:new:one\": [\"tag:my_server\"]}}");
        scene.awaitReady(AclPolicy.class, "more");
        assertThat(inForce(tailnet)).contains("tag:new:one", "[fd7a:115c:a1e0::]/48:22", "my srv:*");
        assertThat(keyId(scene)).as("one key, whatever is in its tags").isEqualTo(key);

        scene.node("upper", "hostname: odd-2\ntags: [\"tag:Web\"]\njoin: {manual: {}}");
        assertThat(scene.awaitCondition(TailnetNode.class, "upper", "JoinKeyReady", "False", "Invalid")
                        .message())
                .contains("tag:Web, which spec.tags sets", "lowercase");
    }

    private static String keyId(Scene scene) {
        scene.soon().until(() -> scene.find(Secret.class, "joiner-join").isPresent());
        return Objects.requireNonNull(Objects.requireNonNull(
                                scene.get(TailnetNode.class, "joiner").getStatus())
                        .join())
                .keyId();
    }

    private static String inForce(TailnetUnderTest tailnet) {
        return tailnet.headscale("policy", "get").orFail().stdout();
    }

    private static Iterable<String> tags(TailnetUnderTest tailnet) {
        return tailnet.machine("odd").orElseThrow().tags();
    }
}
