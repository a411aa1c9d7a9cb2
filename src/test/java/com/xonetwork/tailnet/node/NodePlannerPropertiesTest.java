package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.TestClass;
import com.xonetwork.tailnet.testing.TestDevice;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/** What holds of every plan. Names, tags and globs come from so small sets that they meet often. */
class NodePlannerPropertiesTest {

    private static final List<String> NAMES = List.of("web-1", "web-2", "db");
    private static final String[] TAGS = {"tag:a", "tag:b", "tag:c"};

    @Property
    void nothingIsDoneOnAListThatIsNotFresh(
            @ForAll("nodes") TestNode node,
            @ForAll("tailnets") List<Device> devices,
            @ForAll("anyClasses") List<TestClass> classes,
            @ForAll("notFresh") Freshness freshness) {
        var plan = Planning.of(node)
                .with(classes.toArray(TestClass[]::new))
                .on(TestView.of(devices).freshness(freshness))
                .plan();

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.plan().facts())
                .allSatisfy(fact -> assertThat(fact.status()).isEqualTo("Unknown"));
    }

    @Provide
    Arbitrary<Freshness> notFresh() {
        return Arbitraries.of(Freshness.class).filter(freshness -> freshness != Freshness.FRESH);
    }

    @Property
    @StatisticsReport(StatisticsReportMode.OFF)
    void whatWasDoneNeedNotBeDoneAgain(
            @ForAll("nodes") TestNode node,
            @ForAll("tailnets") List<Device> devices,
            @ForAll("classesByWhatNoPlanChanges") List<TestClass> classes) {
        var planning = Planning.of(node).with(classes.toArray(TestClass[]::new));
        var first = planning.on(TestView.of(devices)).plan();
        Statistics.collect(first.actions().isEmpty());
        Statistics.coverage(coverage -> coverage.check(false).percentage(percent -> percent > 10));

        var second = planning.on(TestView.of(applied(devices, first.actions()))).plan();

        assertThat(second.actions()).isEmpty();
    }

    /** A tag that one class gives can make another match; that goes on for no longer than there are classes. */
    @Property
    void classesThatFollowFromEachOtherComeToRest(
            @ForAll("nodes") TestNode node,
            @ForAll("tailnets") List<Device> devices,
            @ForAll("anyClasses") List<TestClass> classes) {
        var planning = Planning.of(node).with(classes.toArray(TestClass[]::new));
        var now = devices;
        for (var round = 0; round < classes.size() + 2; round++) {
            now = applied(now, planning.on(TestView.of(now)).plan().actions());
        }

        assertThat(planning.on(TestView.of(now)).plan().actions()).isEmpty();
    }

    private static List<Device> applied(List<Device> devices, List<DeviceAction> actions) {
        var after = new ArrayList<>(devices);
        for (var action : actions) {
            after.replaceAll(device -> device.id().equals(action.deviceId()) ? applied(device, action) : device);
        }
        return after;
    }

    private static Device applied(Device device, DeviceAction action) {
        return switch (action) {
            case DeviceAction.SetName set -> device.withName(set.name());
            case DeviceAction.PutAside put -> device.withName(put.name());
            case DeviceAction.SetTags set -> device.withTags(set.tags());
            case DeviceAction.SetApproval set -> device.withAuthorized(set.approved());
            case DeviceAction.SetKeyExpiry set -> device.withKeyExpiryDisabled(set.disabled());
            case DeviceAction.SetRoutes set -> device.withEnabledRoutes(set.routes());
        };
    }

    @Provide
    Arbitrary<TestNode> nodes() {
        return Combinators.combine(
                        Arbitraries.of(NAMES),
                        Arbitraries.of("0", "1").injectNull(0.6),
                        tags(),
                        Arbitraries.of(KeyExpiry.class).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.5))
                .as((name, id, tags, keyExpiry, approved) -> TestNode.node(name)
                        .deviceId(id)
                        .tags(tags.toArray(String[]::new))
                        .keyExpiry(keyExpiry)
                        .approved(approved));
    }

    @Provide
    Arbitrary<List<Device>> tailnets() {
        var names = Arbitraries.of(NAMES);
        return Combinators.combine(names, names, tags(), Arbitraries.integers().between(0, 7))
                .as((name, hostname, tags, bits) -> (Described) id -> {
                    var device = TestDevice.device(id, name).hostname(hostname).tags(tags.toArray(String[]::new));
                    device = (bits & 1) == 0 ? device : device.waiting();
                    device = (bits & 2) == 0 ? device : device.keyNeverExpires();
                    return ((bits & 4) == 0 ? device : device.offline()).build();
                })
                .list()
                .ofMaxSize(3)
                .map(described -> IntStream.range(0, described.size())
                        .mapToObj(i -> described.get(i).as(String.valueOf(i)))
                        .toList());
    }

    private interface Described {
        Device as(String id);
    }

    @Provide
    Arbitrary<List<TestClass>> classesByWhatNoPlanChanges() {
        return classes(Arbitraries.of("os", "address"));
    }

    @Provide
    Arbitrary<List<TestClass>> anyClasses() {
        return classes(Arbitraries.of("os", "address", "tag", "hostname"));
    }

    private static Arbitrary<List<TestClass>> classes(Arbitrary<String> kinds) {
        return Combinators.combine(
                        kinds,
                        Arbitraries.of(TAGS),
                        tags(),
                        Arbitraries.of(KeyExpiry.class).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.5))
                .as((kind, tag, tags, keyExpiry, approved) -> (Named) name -> {
                    var rules = TestClass.nodeClass(name)
                            .tags(tags.toArray(String[]::new))
                            .keyExpiry(keyExpiry)
                            .approved(approved);
                    return switch (kind) {
                        case "os" -> rules.os("linux");
                        case "address" -> rules.addresses("10.0.0.0/8");
                        case "tag" -> rules.matchTags(tag);
                        default -> rules.hostnames("web-*");
                    };
                })
                .list()
                .ofMaxSize(4)
                .map(named -> IntStream.range(0, named.size())
                        .mapToObj(i -> named.get(i).as("class-" + i))
                        .toList());
    }

    private interface Named {
        TestClass as(String name);
    }

    private static Arbitrary<Set<String>> tags() {
        return Arbitraries.of(TAGS).set().ofMaxSize(3);
    }
}
