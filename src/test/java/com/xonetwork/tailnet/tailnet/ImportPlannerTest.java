package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ImportPlan.Adoption;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestClass;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImportPlannerTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");

    @Nested
    class Creation {

        @Test
        void offCreatesAndRemovesNothing() {
            var plan = Import.of(DeviceImport.OFF)
                    .on(TestView.of(plain("1")).missingFor("9", 20))
                    .with(imported("gone", "9"))
                    .plan();

            assertThat(plan.create()).isEmpty();
            assertThat(plan.remove()).isEmpty();
            assertThat(plan.fact().reason()).isEqualTo(Reason.NOT_MANAGED);
            assertThat(plan.fact().status()).isEqualTo(Condition.TRUE);
        }

        @Test
        void allTakesEveryDevice() {
            var plan = Import.of(DeviceImport.ALL)
                    .on(TestView.of(plain("1"), plain("2")))
                    .plan();

            assertThat(ids(plan)).containsExactly("1", "2");
            assertThat(plan.fact().reason()).isEqualTo(Reason.IMPORTED);
        }

        @Test
        void matchingTakesThoseOfAClass() {
            var plan = Import.of(DeviceImport.MATCHING)
                    .on(TestView.of(
                            device("1", "web-1").build(), device("2", "db-1").build()))
                    .classes(
                            nodeClass("web").hostnames("web-*"),
                            nodeClass("elsewhere").hostnames("db-*").tailnet("office"))
                    .plan();

            assertThat(ids(plan)).containsExactly("1");
        }

        @Test
        void matchingTakesNoneWithoutClasses() {
            assertThat(ids(Import.of(DeviceImport.MATCHING)
                            .on(TestView.of(plain("1")))
                            .plan()))
                    .isEmpty();
        }

        @Test
        void notWhatIsSharedIn() {
            assertThat(ids(Import.of(DeviceImport.ALL)
                            .on(TestView.of(device("1", "guest").external().build()))
                            .plan()))
                    .isEmpty();
        }

        @Test
        void notWhatANodeStandsFor() {
            var plan = Import.of(DeviceImport.ALL)
                    .on(TestView.of(
                            device("1", "by-name").build(),
                            device("2", "x").hostname("Called").build(),
                            device("3", "by-id").build(),
                            device("4", "legacy").legacyId("44").build(),
                            device("5", "imported").build(),
                            device("6", "free").build()))
                    .with(
                            node("by-name"),
                            node("called"),
                            node("n3").hostname(null).deviceId("3"),
                            node("n4").hostname(null).deviceId("44"),
                            imported("imported", "5"),
                            node("free").in("net", "office"))
                    .plan();

            assertThat(ids(plan)).containsExactly("6");
        }
    }

    /** What no class accounts for is written into the node's spec: taken up, a device keeps its tags. */
    @Nested
    class AdoptedTags {

        @Test
        void areThoseThatNoClassGives() {
            assertThat(adopted(nodeClass("web").hostnames("web-*").tags("tag:web")))
                    .containsExactly("tag:db", "tag:old");
        }

        @Test
        void areNotThoseThatAClassMatchedBy() {
            assertThat(adopted(nodeClass("db").matchTags("tag:db", "tag:absent")))
                    .containsExactly("tag:old", "tag:web");
        }

        @Test
        void areAllWhereNoClassMatches() {
            assertThat(adopted(nodeClass("other").hostnames("other-*").tags("tag:web", "tag:db", "tag:old")))
                    .containsExactly("tag:db", "tag:old", "tag:web");
        }

        private Iterable<String> adopted(TestClass... classes) {
            return Import.of(DeviceImport.ALL)
                    .on(TestView.of(device("1", "web-1")
                            .tags("tag:web", "tag:old", "tag:db")
                            .build()))
                    .classes(classes)
                    .plan()
                    .create()
                    .getFirst()
                    .tags();
        }
    }

    @Nested
    class Removal {

        @ParameterizedTest
        @CsvSource({"0, false", "1, false", "2, true", "9, true"})
        void onlyAfterTwoGoodPollsWithoutTheDevice(long polls, boolean gone) {
            var plan = Import.of(DeviceImport.MATCHING)
                    .on(TestView.of(plain("1")).missingFor("9", polls))
                    .with(imported("left", "9"))
                    .plan();

            assertThat(names(plan)).isEqualTo(gone ? List.of("left") : List.of());
        }

        @Test
        void neverOfWhatAUserWrote() {
            assertThat(names(Import.of(DeviceImport.ALL)
                            .on(TestView.of().missingFor("9", 20))
                            .with(node("mine").hostname(null).deviceId("9"), node("other"))
                            .plan()))
                    .isEmpty();
        }

        @Test
        void notForAnOlderIdOfAListedDevice() {
            assertThat(names(Import.of(DeviceImport.ALL)
                            .on(TestView.of(device("1", "x").legacyId("9").build()))
                            .with(imported("x", "9"))
                            .plan()))
                    .isEmpty();
        }

        @Test
        void whenAUserWritesOneForTheSameDevice() {
            var plan = Import.of(DeviceImport.ALL)
                    .on(TestView.of(device("1", "web-1").build()))
                    .with(imported("web-1-x", "1"), node("web-1").created("2026-05-05T00:00:00Z"))
                    .plan();

            assertThat(names(plan)).containsExactly("web-1-x");
            assertThat(plan.create()).isEmpty();
        }

        @Test
        void notForAnotherImportedOne() {
            assertThat(names(Import.of(DeviceImport.ALL)
                            .on(TestView.of(device("1", "web-1").build()))
                            .with(imported("a", "1"), imported("b", "1"))
                            .plan()))
                    .isEmpty();
        }

        @Test
        void notBecauseNoClassMatchesAnyMore() {
            assertThat(names(Import.of(DeviceImport.MATCHING)
                            .on(TestView.of(plain("1")))
                            .with(imported("kept", "1"))
                            .plan()))
                    .isEmpty();
        }
    }

    /** An operator that starts with an empty list knows nothing of what was there before. */
    @Nested
    class MassRemoval {

        @ParameterizedTest
        @CsvSource({
            "3, 5, 9, true",
            "3, 5, 10, false",
            "3, 6, 2, true",
            "3, 7, 2, false",
            "2, 2, 2, false",
            "4, 4, 2, true"
        })
        void isHeldWhileTheListsAreFew(int gone, int imported, long goodPolls, boolean held) {
            var listed = IntStream.range(gone, imported)
                    .mapToObj(i -> plain(String.valueOf(i)))
                    .toList();
            var nodes = IntStream.range(0, imported)
                    .mapToObj(i -> imported("n" + i, String.valueOf(i)))
                    .toArray(TestNode[]::new);

            var plan = Import.of(DeviceImport.ALL)
                    .on(TestView.of(listed).goodPolls(goodPolls))
                    .with(nodes)
                    .plan();

            assertThat(plan.remove()).hasSize(held ? 0 : gone);
            assertThat(plan.fact().reason()).isEqualTo(held ? Reason.REMOVAL_HELD : Reason.IMPORTED);
            if (held) {
                assertThat(plan.fact().status()).isEqualTo(Condition.FALSE);
                assertThat(plan.fact().message()).contains(gone + " of " + imported);
            }
        }

        @Test
        void holdsNeitherCreationNorReplacement() {
            var plan = Import.of(DeviceImport.ALL)
                    .on(TestView.of(
                                    device("new", "new").build(),
                                    device("1", "web-1").build())
                            .goodPolls(2))
                    .with(
                            imported("a", "a"),
                            imported("b", "b"),
                            imported("c", "c"),
                            imported("web-1-x", "1"),
                            node("web-1"))
                    .plan();

            assertThat(plan.fact().reason()).isEqualTo(Reason.REMOVAL_HELD);
            assertThat(ids(plan)).containsExactly("new");
            assertThat(names(plan)).containsExactly("web-1-x");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Freshness.class, names = "FRESH", mode = EnumSource.Mode.EXCLUDE)
    void unknownIsNothing(Freshness freshness) {
        for (var view : List.of(
                TestView.empty(freshness),
                TestView.of(plain("1")).freshness(freshness).missingFor("9", 20))) {
            var plan = Import.of(DeviceImport.ALL)
                    .on(view)
                    .with(imported("gone", "9"))
                    .plan();

            assertThat(plan.create()).isEmpty();
            assertThat(plan.remove()).isEmpty();
            assertThat(plan.fact().status()).isEqualTo(Condition.UNKNOWN);
            assertThat(plan.fact().reason()).isEqualTo(Reason.NOT_LISTED_YET);
        }
    }

    private static List<String> ids(ImportPlan plan) {
        return plan.create().stream()
                .map(Adoption::device)
                .map(device -> device.id())
                .toList();
    }

    private static List<String> names(ImportPlan plan) {
        return plan.remove().stream().map(node -> node.getMetadata().getName()).toList();
    }

    private static final class Import {
        private final DeviceImport mode;
        private TestView view = TestView.of();
        private NodeCache nodes = NodeCache.of();
        private TestClass[] classes = {};

        private Import(DeviceImport mode) {
            this.mode = mode;
        }

        static Import of(DeviceImport mode) {
            return new Import(mode);
        }

        Import on(TestView value) {
            view = value;
            return this;
        }

        Import with(TestNode... values) {
            nodes = NodeCache.of(values);
            return this;
        }

        Import classes(TestClass... values) {
            classes = values;
            return this;
        }

        ImportPlan plan() {
            List<TailnetNode> ofTailnet = NodeIndex.ofTailnet(nodes, HOME);
            var seen = view.build();
            return ImportPlanner.plan(new ImportInput(
                    HOME,
                    mode,
                    seen,
                    ofTailnet,
                    Stream.of(classes).map(TestClass::build).toList(),
                    new Claims(ofTailnet, seen.devices())));
        }
    }
}
