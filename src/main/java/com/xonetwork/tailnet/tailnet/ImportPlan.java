package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.DEVICES_IMPORTED;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.SortedSet;

/**
 * Which TailnetNodes are to be created and removed.
 *
 * @param fact {@code DevicesImported} when all of it is done
 */
record ImportPlan(List<Adoption> create, List<TailnetNode> remove, Fact fact) {

    /**
     * A device that gets a TailnetNode.
     *
     * @param tags it carries that no NodeClass accounts for: written down in its spec, so that taking a device up never
     *     strips it, and only these, so that a class can take its own tags away again
     */
    record Adoption(Device device, SortedSet<String> tags) {}

    static ImportPlan nothing(Fact fact) {
        return new ImportPlan(List.of(), List.of(), fact);
    }

    /** @param failures what could not be done, by device or node */
    Fact after(List<String> failures) {
        return failures.isEmpty()
                ? fact
                : Fact.no(
                        DEVICES_IMPORTED,
                        Reason.IMPORT_FAILED,
                        failures.size()
                                + " TailnetNodes could not be created or removed; the operator will retry. The first: "
                                + failures.getFirst());
    }

    /** Whether to look again soon. A removal that lost a race with a change makes no event. */
    boolean isInRace(List<String> failures) {
        return !failures.isEmpty() || !remove.isEmpty();
    }
}
