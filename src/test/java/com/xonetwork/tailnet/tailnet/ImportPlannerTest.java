package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.node.NodeIndex;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImportPlannerTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");

    private final NodeClass servers =
            nodeClass("servers").hostnames("srv-*").tags("tag:server").build();

    @Test
    void offCreatesAndRemovesNothing() {
        var plan = plan(DeviceImport.OFF, TestView.of(plain("1")).missingFor("2", 9), imported("gone", "2"));

        nothing(plan);
        assertThat(said(plan)).isEqualTo("True/NotManaged");
    }

    @ParameterizedTest
    @EnumSource(
            value = Freshness.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FRESH"})
    void nothingIsDoneOnTheUnknown(Freshness freshness) {
        var plan = plan(
                DeviceImport.ALL,
                TestView.of(plain("1")).missingFor("2", 9).freshness(freshness),
                imported("gone", "2"));

        nothing(plan);
        assertThat(said(plan)).isEqualTo("Unknown/NotListedYet");
    }

    @Test
    void allTakesEveryOwnDeviceThatNobodyStandsFor() {
        var plan = plan(
                DeviceImport.ALL,
                TestView.of(
                        plain("1"),
                        device("2", "by-name").build(),
                        device("3", "x").hostname("By-Host").build(),
                        device("4", "shared").external().build(),
                        plain("5"),
                        device("6", "srv-1").build()),
                node("by-name"),
                node("by-host"),
                imported("already", "5"));

        assertThat(created(plan)).containsExactly("1", "6");
        assertThat(plan.remove()).isEmpty();
        assertThat(said(plan)).isEqualTo("True/Imported");
    }

    @Test
    void matchingTakesThoseOfAClass() {
        var plan = plan(
                DeviceImport.MATCHING,
                TestView.of(
                        device("1", "srv-1").build(),
                        device("2", "laptop").build(),
                        device("3", "srv-3").external().build()));

        assertThat(created(plan)).containsExactly("1");
    }

    @Test
    void aClassOfAnotherTailnetOrByLabelsTakesNone() {
        var other = nodeClass("other").hostnames("*").tailnet("office").build();
        var plan = plan(DeviceImport.MATCHING, TestView.of(plain("1")), List.of(other));

        assertThat(plan.create()).isEmpty();
    }

    /** Taking a device up never strips it, and a class can take its own tags away again. */
    @Test
    void tagsThatNoClassAccountsForAreWrittenDown() {
        var seen = nodeClass("seen").matchTags("tag:seen").build();
        var plan = plan(
                DeviceImport.ALL,
                TestView.of(device("1", "srv-1")
                        .tags("tag:server", "tag:seen", "tag:by-hand")
                        .build()),
                List.of(servers, seen));

        assertThat(plan.create())
                .singleElement()
                .satisfies(adoption -> assertThat(adoption.tags()).isEqualTo(Set.of("tag:by-hand")));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, true", "7, true"})
    void anImportedNodeGoesWhenItsDeviceWasMissingFromTwoGoodPolls(int polls, boolean gone) {
        var plan = plan(DeviceImport.ALL, TestView.of(plain("1")).missingFor("2", polls), imported("two", "2"));

        assertThat(removed(plan)).isEqualTo(gone ? List.of("two") : List.of());
    }

    @Test
    void afterAStartTwoPollsAreWaitedForAsWell() {
        assertThat(removed(plan(DeviceImport.ALL, TestView.of(plain("1")).goodPolls(1), imported("two", "2"))))
                .isEmpty();
        assertThat(removed(plan(DeviceImport.ALL, TestView.of(plain("1")).goodPolls(2), imported("two", "2"))))
                .containsExactly("two");
    }

    @Test
    void whatAUserWroteIsNeverRemoved() {
        var plan = plan(
                DeviceImport.ALL,
                TestView.of().missingFor("2", 50),
                node("mine").deviceId("2"));

        assertThat(plan.remove()).isEmpty();
    }

    @Test
    void aNodeThatAUserWroteReplacesTheImportedOne() {
        var plan = plan(
                DeviceImport.ALL,
                TestView.of(device("2", "srv-2").build()),
                imported("srv-2", "2"),
                node("srv-2-mine").hostname("srv-2"));

        assertThat(removed(plan)).containsExactly("srv-2");
        assertThat(plan.create()).isEmpty();
    }

    @Test
    void anotherImportedNodeDoesNotReplaceIt() {
        var plan = plan(DeviceImport.ALL, TestView.of(plain("2")), imported("a", "2"), imported("b", "2"));

        assertThat(plan.remove()).isEmpty();
    }

    @Test
    void manyThatAreMissingAfterAStartAreHeldUntilTenListsAgree() {
        var nodes = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> imported("n" + i, String.valueOf(i)))
                .toArray(TestNode[]::new);

        var held = plan(
                DeviceImport.ALL,
                TestView.of(plain("1"), plain("2"), plain("9")).goodPolls(9),
                nodes);
        assertThat(held.remove()).isEmpty();
        assertThat(said(held)).isEqualTo("False/RemovalHeld");
        assertThat(held.fact().message()).contains("3 of 5");
        assertThat(created(held)).as("what is new is taken up all the same").containsExactly("9");

        var agreed = plan(DeviceImport.ALL, TestView.of(plain("1"), plain("2")).goodPolls(10), nodes);
        assertThat(removed(agreed)).containsExactly("n3", "n4", "n5");
        assertThat(said(agreed)).isEqualTo("True/Imported");
    }

    @Test
    void halfOrTwoAreNotMany() {
        var four = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> imported("n" + i, String.valueOf(i)))
                .toArray(TestNode[]::new);

        assertThat(removed(plan(
                        DeviceImport.ALL, TestView.of(plain("1"), plain("2")).goodPolls(2), four)))
                .containsExactly("n3", "n4");
        assertThat(removed(
                        plan(DeviceImport.ALL, TestView.of().goodPolls(2), imported("n1", "1"), imported("n2", "2"))))
                .containsExactly("n1", "n2");
    }

    private ImportPlanner.Plan plan(DeviceImport mode, TestView view, TestNode... nodes) {
        return plan(mode, view, List.of(servers), nodes);
    }

    private static ImportPlanner.Plan plan(
            DeviceImport mode, TestView view, List<NodeClass> classes, TestNode... nodes) {
        var cache = NodeCache.of(nodes);
        return ImportPlanner.plan(new ImportPlanner.Input(
                HOME, mode, view.build(), cache.nodes(), classes, device -> NodeIndex.of(cache, HOME, device)));
    }

    private static List<String> created(ImportPlanner.Plan plan) {
        return plan.create().stream()
                .map(ImportPlanner.Adoption::device)
                .map(Device::id)
                .toList();
    }

    private static List<String> removed(ImportPlanner.Plan plan) {
        return plan.remove().stream().map(gone -> gone.getMetadata().getName()).toList();
    }

    private static String said(ImportPlanner.Plan plan) {
        return plan.fact().status() + "/" + plan.fact().reason();
    }

    private static void nothing(ImportPlanner.Plan plan) {
        assertThat(Stream.concat(plan.create().stream(), plan.remove().stream()))
                .isEmpty();
    }
}
