package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.tailnet.ImportPlanner.Adoption;
import com.xonetwork.tailnet.testing.FakeCluster;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportedNodesTest {

    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private final FakeCluster cluster = new FakeCluster();
    private final ImportedNodes nodes = new ImportedNodes(cluster.client());

    @Property
    void anyNameGivesAValidLabel(@ForAll @StringLength(max = 300) String name, @ForAll String id) {
        var device = device(id, name).build();

        assertThat(ImportedNodes.name(device)).matches(DNS_LABEL).hasSizeLessThanOrEqualTo(63);
        assertThat(ImportedNodes.nameWithHash(device)).matches(DNS_LABEL).hasSizeLessThanOrEqualTo(63);
        assertThat(ImportedNodes.name(device))
                .as("the same each time")
                .isEqualTo(ImportedNodes.name(device(id, name).build()));
    }

    @Property
    void differentDevicesOfOneStemDiffer(@ForAll String name, @ForAll String one, @ForAll String other) {
        Assume.that(!one.equals(other));

        assertThat(ImportedNodes.nameWithHash(device(one, name).build()))
                .isNotEqualTo(ImportedNodes.nameWithHash(device(other, name).build()));
    }

    @ParameterizedTest
    @CsvSource({"web-1", "a", "0", "a1234567890123456789012345678901234567890123456789012345678901b"})
    void aValidNameIsTakenAsItIs(String name) {
        assertThat(ImportedNodes.name(device("1", name).build())).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "Web-1, web-1-",
        "iPhone von Jörg, iphone-von-j-rg-",
        "-lead, lead-",
        "trail-, trail-",
        "a.b.c, a-b-c-",
        "../../etc/passwd, etc-passwd-",
        "'', device-",
        "日本, device-",
        "---, device-",
    })
    void anyOtherIsMadeValid(String name, String beginning) {
        assertThat(ImportedNodes.name(device("1", name).build()))
                .startsWith(beginning)
                .matches(".*-[0-9a-f]{10}");
    }

    @Test
    void theNodeIsMarkedOwnedAndRetains() {
        var node = create(device("n1", "web-1").build(), "tag:a");

        assertThat(node.getMetadata().getLabels()).containsEntry(ApiGroup.IMPORTED_LABEL, "true");
        assertThat(node.getMetadata().getNamespace()).isEqualTo("net");
        assertThat(node.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Tailnet");
            assertThat(owner.getName()).isEqualTo("home");
            assertThat(owner.getUid()).isEqualTo("uid-home");
        });
        assertThat(node.getSpec().deviceId()).isEqualTo("n1");
        assertThat(node.getSpec().hostname())
                .as("the name stays the device's own")
                .isNull();
        assertThat(node.getSpec().tags()).containsExactly("tag:a");
        assertThat(node.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
        assertThat(node.getSpec().approved()).isNull();
        assertThat(node.getSpec().keyExpiry()).isNull();
    }

    @Test
    void tagsThatTheCrdWouldRefuseAreLeftOut() {
        var many = IntStream.range(0, 100).mapToObj(i -> "tag:t" + i).toArray(String[]::new);

        assertThat(create(device("1", "a").build(), "tag:ok", "tag:0bad", "no-tag", "tag:")
                        .getSpec()
                        .tags())
                .containsExactly("tag:ok");
        assertThat(create(device("2", "b").build(), many).getSpec().tags()).hasSize(64);
    }

    @Test
    void twiceIsOnce() {
        create(device("n1", "web-1").build());
        create(device("n1", "web-1").build());

        assertThat(cluster.keys()).containsExactly("TailnetNode net/web-1");
    }

    @Test
    void aNameThatIsTakenGetsTheHash() {
        cluster.with(node("web-1").build());
        create(device("n1", "web-1").build());
        create(device("n1", "web-1").build());

        assertThat(cluster.keys())
                .containsExactly(
                        "TailnetNode net/web-1",
                        "TailnetNode net/"
                                + ImportedNodes.nameWithHash(
                                        device("n1", "web-1").build()));
    }

    @Test
    void theSameDeviceIdInAnotherTailnetIsAnotherNode() {
        cluster.with(imported("web-1", "1").in("net", "office").build());
        create(device("1", "web-1").build());

        assertThat(cluster.keys()).hasSize(2);
    }

    @Test
    void anIdThatNoServiceWouldGiveIsNotTakenUp() {
        nodes.create(tailnet("home").build(), adoption(device("../1", "web-1").build()));

        assertThat(cluster.keys()).isEmpty();
    }

    @Test
    void aNodeThatChangedSinceTheDecisionStays() {
        var seen = imported("web-1", "1").build();
        seen.getMetadata().setResourceVersion("7");
        var now = imported("web-1", "1").build();
        now.getMetadata().setResourceVersion("8");
        cluster.with(now);

        nodes.remove(seen);
        assertThat(cluster.keys()).hasSize(1);

        nodes.remove(now);
        assertThat(cluster.keys()).isEmpty();
    }

    private TailnetNode create(Device device, String... tags) {
        nodes.create(tailnet("home").build(), adoption(device, tags));
        return (TailnetNode) cluster.get("TailnetNode net/" + ImportedNodes.name(device));
    }

    private static Adoption adoption(Device device, String... tags) {
        return new Adoption(device, new TreeSet<>(List.of(tags)));
    }
}
