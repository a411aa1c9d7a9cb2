package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.pure.Pure;
import inet.ipaddr.IPAddressString;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Decides whether a class is for a device. */
@Pure
public final class NodeClassMatcher {

    /** Order in which classes count: highest priority first, then by name. */
    public static final Comparator<NodeClass> PRECEDENCE = Comparator.comparing(
                    (NodeClass nodeClass) -> -nodeClass.getSpec().priority())
            .thenComparing(nodeClass -> nodeClass.getMetadata().getName());

    private NodeClassMatcher() {}

    /**
     * A class that is for a device.
     *
     * @param matchedTags tags of the device by which it matched. They must stay on the device, or the class would undo the
     *     reason for its own match
     */
    public record Match(NodeClass nodeClass, SortedSet<String> matchedTags) {
        public String name() {
            return nodeClass.getMetadata().getName();
        }
    }

    /** The classes that are for a device, in order of precedence. */
    public static List<Match> matches(
            List<NodeClass> classes, String tailnet, Device device, Map<String, String> labels) {
        return classes.stream()
                .sorted(PRECEDENCE)
                .flatMap(nodeClass -> match(nodeClass, tailnet, device, labels).stream())
                .toList();
    }

    /** @param labels of the TailnetNode; none for a device that has no TailnetNode yet */
    public static Optional<Match> match(
            NodeClass nodeClass, String tailnet, Device device, Map<String, String> labels) {
        var spec = nodeClass.getSpec();
        var rules = spec.match();
        if (spec.tailnetRef() != null && !spec.tailnetRef().name().equals(tailnet)) {
            return Optional.empty();
        }
        var matchedTags = new TreeSet<>(device.tags());
        matchedTags.retainAll(rules.tags());
        var matches = (rules.hostnames().isEmpty() || rules.hostnames().stream().anyMatch(glob -> called(device, glob)))
                && (rules.os().isEmpty() || rules.os().stream().anyMatch(os -> os.equalsIgnoreCase(device.os())))
                && (rules.addresses().isEmpty() || rules.addresses().stream().anyMatch(cidr -> within(device, cidr)))
                && (rules.tags().isEmpty() || !matchedTags.isEmpty())
                && (rules.labels() == null || rules.labels().selects(labels));
        return matches ? Optional.of(new Match(nodeClass, matchedTags)) : Optional.empty();
    }

    private static boolean called(Device device, String glob) {
        var pattern = glob.toLowerCase(Locale.ROOT);
        return globMatches(pattern, device.name().toLowerCase(Locale.ROOT))
                || globMatches(pattern, device.hostname().toLowerCase(Locale.ROOT));
    }

    /**
     * Own loop rather than a regular expression: {@code *a*a*a*b} as one backtracks for years on a name of many a's, and both
     * come from users. Going back to the last star alone is enough, as an earlier one could take no more than it does.
     */
    private static boolean globMatches(String glob, String name) {
        var atGlob = 0;
        var atName = 0;
        var star = -1;
        var starTook = 0;
        while (atName < name.length()) {
            var wanted = atGlob < glob.length() ? glob.charAt(atGlob) : '\0';
            if (wanted == '*') {
                star = atGlob++;
                starTook = atName;
            } else if (atGlob < glob.length() && (wanted == '?' || wanted == name.charAt(atName))) {
                atGlob++;
                atName++;
            } else if (star >= 0) {
                atGlob = star + 1;
                atName = ++starTook;
            } else {
                return false;
            }
        }
        return glob.chars().skip(atGlob).allMatch(rest -> rest == '*');
    }

    private static boolean within(Device device, String cidr) {
        var block = new IPAddressString(cidr).getAddress();
        return block != null
                && device.addresses().stream()
                        .map(address -> new IPAddressString(address).getAddress())
                        .anyMatch(address ->
                                address != null && block.toPrefixBlock().contains(address));
    }
}
