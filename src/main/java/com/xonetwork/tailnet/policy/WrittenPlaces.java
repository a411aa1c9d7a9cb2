package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.policy.document.Origin;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the lines that users wrote, by the place in the merged policy that a message is about.
 *
 * @param parts that the policy was merged of
 * @param policies those of the parts that users wrote, by name; what is missing here the operator added
 */
@Pure
record WrittenPlaces(PolicyView merged, List<PolicyFragment> parts, Map<String, AclPolicy> policies) {

    /** More would hide what is wrong. */
    private static final int SHOWN = 3;

    /** Whoever says what stands there, in the order of the merge. */
    List<Origin> origins(HuPath place) {
        return Origin.of(place, merged.policy(), parts);
    }

    boolean isWrittenByAUser(Origin origin) {
        return policies.containsKey(origin.fragment().name());
    }

    /** For its owner: {@code spec.hujson, line 4 (acls[0].dst[0])}. */
    String place(Origin origin) {
        var policy = policies.get(origin.fragment().name());
        return policy == null
                ? origin.path() + ", which the operator adds for "
                        + origin.fragment().name()
                : place(policy, origin.path());
    }

    /** Of a path in the content of an AclPolicy. */
    static String place(AclPolicy policy, HuPath path) {
        var text = policy.getSpec().hujson();
        if (text == null) {
            return "spec.fragment" + (path.section().isEmpty() ? "" : ".") + path;
        }
        return line(text, path) + " (" + path + ")";
    }

    /** Of a path in a text that an AclPolicy has. */
    static String line(String hujson, HuPath path) {
        try {
            return "spec.hujson, line "
                    + HuJsonDocument.parse(hujson).place(path).line();
        } catch (HuJsonSyntaxException e) {
            return "spec.hujson";
        }
    }

    /** In brackets, for the end of a message; empty where nobody wrote it. */
    String named(Collection<HuPath> places) {
        var origins = places.stream().flatMap(place -> origins(place).stream()).toList();
        if (origins.isEmpty()) {
            return places.isEmpty()
                    ? ""
                    : places.stream()
                            .map(HuPath::toString)
                            .collect(Collectors.joining(", ", " (", " of the merged policy)"));
        }
        return origins.stream()
                        .limit(SHOWN)
                        .map(origin -> (isWrittenByAUser(origin)
                                        ? "AclPolicy " + origin.fragment().name() + ", "
                                        : "")
                                + place(origin))
                        .collect(Collectors.joining("; ", " (", ""))
                + (origins.size() > SHOWN ? "; and " + (origins.size() - SHOWN) + " more)" : ")");
    }
}
