package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real machine joins a real tailnet with the key from the Secret, and is not online any more once it has logged out. */
@RunningOperator
@RealTailnet
class NodeJoinE2E {

    @Test
    void aMachineJoinsWithTheKeyAndLogsOutAgain(Scene scene, TailnetUnderTest tailnet, @TempDir Path directory)
            throws IOException {
        scene.headscale("home", tailnet);
        scene.policy("base", """
                fragment:
                  tagOwners: {"tag:web": ["xo@"]}
                  acls: []
                """);
        scene.node("joiner", "hostname: joiner\ntags: [\"tag:web\"]\njoin: {manual: {}}");
        scene.awaitCondition(TailnetNode.class, "joiner", "JoinKeyReady", "True", "KeyIssued");
        var join = Objects.requireNonNull(
                Objects.requireNonNull(scene.get(TailnetNode.class, "joiner").getStatus())
                        .join());
        assertThat(join.command())
                .isEqualTo(
                        "tailscale up --login-server=" + tailnet.url() + " --auth-key=file:join.key --hostname=joiner");

        tailnet.joinNode("joiner", keyFile(scene, directory));
        scene.awaitReady(TailnetNode.class, "joiner");
        scene.awaitCondition(TailnetNode.class, "joiner", "JoinKeyReady", "True", "Joined");
        scene.soon().until(() -> scene.find(Secret.class, "joiner-join").isEmpty());
        assertThat(tailnet.machine("joiner").orElseThrow().tags()).containsExactly("tag:web");

        tailnet.logOutNode("joiner");
        scene.awaitCondition(TailnetNode.class, "joiner", "KeyValid", "False", "KeyExpired");
        scene.awaitCondition(TailnetNode.class, "joiner", "Online", "False", "KeyExpired");
    }

    private static Path keyFile(Scene scene, Path directory) throws IOException {
        var file = Files.createFile(
                directory.resolve("join.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(
                file,
                Base64.getDecoder()
                        .decode(scene.get(Secret.class, "joiner-join").getData().get("authkey")));
    }
}
