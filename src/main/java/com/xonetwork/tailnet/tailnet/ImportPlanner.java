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
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ImportPlan.Adoption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Decides which devices get a TailnetNode of their own, and which imported TailnetNodes go. */
@Pure
final class ImportPlanner {

    /** Good polls in a row that must lack a device before its imported node goes. */
    private static final int POLLS_UNTIL_GONE = 2;

    private static final int POLLS_UNTIL_MANY_GONE = 10;

    private ImportPlanner() {}

    static ImportPlan plan(ImportInput input) {
        if (input.mode() == DeviceImport.OFF) {
            // What an earlier setting made is the user's to keep or to delete.
            return ImportPlan.nothing(
                    yes(DEVICES_IMPORTED, Reason.NOT_MANAGED, "deviceImport is Off: TailnetNodes are written by hand"));
        }
        return input.view()
                .usableDevices()
                .map(devices -> planWith(input, devices))
                .orElseGet(() -> ImportPlan.nothing(unknown(
                        DEVICES_IMPORTED,
                        Reason.NOT_LISTED_YET,
                        "there is no current device list; see Reachable and CredentialsValid")));
    }

    private static ImportPlan planWith(ImportInput input, DeviceList devices) {
        var create = devices.devices().stream()
                .filter(input::wants)
                .filter(device -> input.claims().of(device).isEmpty())
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
            } else if (isWrittenByUser(input.claims().of(device.get()))) {
                replaced.add(node);
            }
        }
        // While running, a list that lost so many is not believed at all (SnapshotStore); this is for a start with such
        // a list.
        if (isTooMany(gone.size(), imported.size()) && input.view().goodPolls() < POLLS_UNTIL_MANY_GONE) {
            return new ImportPlan(
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
        return new ImportPlan(
                create,
                replaced,
                yes(DEVICES_IMPORTED, Reason.IMPORTED, "every device that deviceImport asks for has a TailnetNode"));
    }

    /** Whether a device without a TailnetNode is to get one. */
    static boolean wants(DeviceImport mode, String tailnet, List<NodeClass> classes, Device device) {
        return switch (mode) {
            case OFF -> false;
            case MATCHING ->
                !device.external() && !matches(tailnet, classes, device).isEmpty();
            case ALL -> !device.external();
        };
    }

    private static Adoption adoption(ImportInput input, Device device) {
        var tags = new TreeSet<>(device.tags());
        for (var match : matches(input.tailnet().name(), input.classes(), device)) {
            match.nodeClass().getSpec().tags().forEach(tags::remove);
            tags.removeAll(match.matchedTags());
        }
        return new Adoption(device, tags);
    }

    private static List<NodeClassMatcher.Match> matches(String tailnet, List<NodeClass> classes, Device device) {
        return NodeClassMatcher.matches(classes, tailnet, device, Map.of());
    }

    private static boolean isWrittenByUser(List<TailnetNode> claimants) {
        return !claimants.isEmpty() && !NodeIndex.isImported(claimants.getFirst());
    }

    private static boolean isTooMany(int gone, int imported) {
        return gone > 2 && gone * 2 >= imported;
    }
}
