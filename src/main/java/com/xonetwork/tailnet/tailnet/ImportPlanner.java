package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.DEVICES_IMPORTED;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Decides which devices get a TailnetNode of their own, and which imported TailnetNodes go. */
@Pure
final class ImportPlanner {

    /** Good polls in a row that must lack a device before its imported node goes. */
    private static final int POLLS_UNTIL_GONE = 2;

    private static final int POLLS_UNTIL_MANY_GONE = 10;

    private ImportPlanner() {}

    /**
     * @param nodes all TailnetNodes of the Tailnet
     * @param claimed whether a user-written TailnetNode stands for a device
     */
    record Input(
            TailnetKey tailnet,
            DeviceImport mode,
            TailnetView view,
            List<TailnetNode> nodes,
            List<NodeClass> classes,
            Claims claimed) {}

    /** Looks up who stands for a device. */
    interface Claims {
        /** All TailnetNodes that a device could stand for, the rightful one first. */
        List<TailnetNode> of(Device device);
    }

    /**
     * A device that gets a TailnetNode.
     *
     * @param tags it carries that no NodeClass accounts for: written down in its spec, so that taking a device up never
     *     strips it, and only these, so that a class can take its own tags away again
     */
    record Adoption(Device device, SortedSet<String> tags) {}

    record Plan(List<Adoption> create, List<TailnetNode> remove, Fact fact) {}

    static Plan plan(Input input) {
        if (input.mode() == DeviceImport.OFF) {
            // What an earlier setting made is the user's to keep or to delete.
            return new Plan(
                    List.of(),
                    List.of(),
                    yes(DEVICES_IMPORTED, Reason.NOT_MANAGED, "deviceImport is Off: TailnetNodes are written by hand"));
        }
        return input.view()
                .usableDevices()
                .map(devices -> planWith(input, devices))
                .orElseGet(() -> new Plan(
                        List.of(),
                        List.of(),
                        unknown(
                                DEVICES_IMPORTED,
                                Reason.NOT_LISTED_YET,
                                "there is no current device list; see Reachable and CredentialsValid")));
    }

    private static Plan planWith(Input input, DeviceList devices) {
        var create = devices.devices().stream()
                .filter(device -> wants(input, device))
                .filter(device -> input.claimed().of(device).isEmpty())
                .map(device -> adoption(input, device))
                .toList();
        var imported = input.nodes().stream().filter(NodeIndex::isImported).toList();
        var gone = new ArrayList<TailnetNode>();
        var replaced = new ArrayList<TailnetNode>();
        for (var node : imported) {
            var id = node.getSpec().deviceId();
            if (id == null) {
                continue;
            }
            var device = devices.byId(id);
            if (device.isEmpty()) {
                if (input.view().pollsWithout(id) >= POLLS_UNTIL_GONE) {
                    gone.add(node);
                }
            } else if (isWrittenByUser(input.claimed().of(device.get()))) {
                replaced.add(node);
            }
        }
        // While running, a list that lost so many is not believed at all (SnapshotStore); this is for a start with such
        // a list.
        if (isTooMany(gone.size(), imported.size()) && input.view().goodPolls() < POLLS_UNTIL_MANY_GONE) {
            return new Plan(
                    create,
                    replaced,
                    no(
                            DEVICES_IMPORTED,
                            Reason.REMOVAL_HELD,
                            gone.size() + " of " + imported.size()
                                    + " imported TailnetNodes have no device. That is half of them or more, so the operator keeps"
                                    + " them until the " + POLLS_UNTIL_MANY_GONE
                                    + "th device list since it connected. To remove them now, delete them by hand"));
        }
        replaced.addAll(gone);
        return new Plan(
                create,
                replaced,
                yes(DEVICES_IMPORTED, Reason.IMPORTED, "every device that deviceImport asks for has a TailnetNode"));
    }

    /** What is to be said when the plan could not be carried out in full. */
    static Fact afterwards(Plan plan, List<String> failures) {
        return failures.isEmpty()
                ? plan.fact()
                : no(
                        DEVICES_IMPORTED,
                        Reason.IMPORT_FAILED,
                        failures.size()
                                + " TailnetNodes could not be created or removed; the operator will retry. The first: "
                                + failures.getFirst());
    }

    /** Whether a device without a TailnetNode is to get one. */
    static boolean wants(Input input, Device device) {
        return switch (input.mode()) {
            case OFF -> false;
            case MATCHING -> !device.external() && !matches(input, device).isEmpty();
            case ALL -> !device.external();
        };
    }

    private static Adoption adoption(Input input, Device device) {
        var tags = new TreeSet<>(device.tags());
        for (var match : matches(input, device)) {
            match.nodeClass().getSpec().tags().forEach(tags::remove);
            tags.removeAll(match.matchedTags());
        }
        return new Adoption(device, tags);
    }

    private static List<NodeClassMatcher.Match> matches(Input input, Device device) {
        return NodeClassMatcher.matches(input.classes(), input.tailnet().name(), device, Map.of());
    }

    private static boolean isWrittenByUser(List<TailnetNode> claimants) {
        return !claimants.isEmpty() && !NodeIndex.isImported(claimants.getFirst());
    }

    private static boolean isTooMany(int gone, int imported) {
        return gone > 2 && gone * 2 >= imported;
    }
}
