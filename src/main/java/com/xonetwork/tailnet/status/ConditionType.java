package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.ConstantWords;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.pure.Pure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types of all conditions: which kinds have them, which of their values is the good one, and whether a change is told as
 * an Event. Part of the API, like {@link Reason}: do not rename them.
 *
 * <p>The facts of a kind are in the order in which a user should look at them: {@code Ready} shows the first that is not fine.
 */
@Pure
public enum ConditionType {
    // The summary of all others
    READY(onEveryKind()),
    RECONCILING(Polarity.ABNORMAL_TRUE, onEveryKind()),
    /** Of a template and a run, {@code Valid} and {@code Succeeded} are told, which say the same; a class cannot stall. */
    STALLED(Polarity.ABNORMAL_TRUE, toldExceptOn(NodeClass.class, AutomationTemplate.class, AutomationRun.class)),

    CREDENTIALS_VALID(toldOn(Tailnet.class)),
    REACHABLE(toldOn(Tailnet.class)),
    DEVICES_LISTED(on(Tailnet.class)),
    CLOCK_IN_SYNC(toldOn(Tailnet.class)),
    POLICY_IN_SYNC(on(Tailnet.class)),
    DEVICES_IMPORTED(on(Tailnet.class)),
    WEBHOOK_READY(on(Tailnet.class)),
    GARBAGE_COLLECTION(on(Tailnet.class)),

    ACCEPTED(toldOn(AclPolicy.class, SubnetRoute.class), on(ExitNode.class, HealPolicy.class)),
    PUBLISHED(on(AclPolicy.class)),
    ADVERTISED(on(SubnetRoute.class, ExitNode.class)),

    JOINED(toldOn(TailnetNode.class)),
    NAME_IN_SYNC(on(TailnetNode.class)),
    TAGS_IN_SYNC(on(TailnetNode.class)),
    APPROVED(on(TailnetNode.class, SubnetRoute.class, ExitNode.class)),
    SERVING(toldOn(SubnetRoute.class, ExitNode.class)),
    ROUTES_APPROVED(on(TailnetNode.class)),
    KEY_EXPIRY_IN_SYNC(on(TailnetNode.class)),
    /** Told by the days that are left, not by its changes. */
    KEY_VALID(on(TailnetNode.class)),
    ONLINE(toldOn(TailnetNode.class)),
    /** With {@code spec.join}. */
    JOIN_KEY_READY(on(TailnetNode.class).sometimes()),
    /** With {@code spec.join.ssh}. */
    MACHINE_IN_SYNC(on(TailnetNode.class).sometimes()),

    REMEDIATION_ALLOWED(on(HealPolicy.class)),
    STORM_ACTIVE(Polarity.ABNORMAL_TRUE, toldOn(HealPolicy.class)),
    NODES_HEALTHY(on(HealPolicy.class)),

    VALID(toldOn(AutomationTemplate.class)),
    SUCCEEDED(toldOn(AutomationRun.class)),
    /** While it is false: an attempt was refused, or its pod cannot begin. */
    STARTED(toldOn(AutomationRun.class).sometimes()),
    /** While it is false. */
    HOST_KEYS_RECORDED(toldOn(AutomationRun.class).sometimes());

    /** Which status is the one that a user wishes for. */
    public enum Polarity {
        NORMAL_TRUE,
        ABNORMAL_TRUE
    }

    /** Derived from the facts, by {@link Conditions#summarize}. */
    private static final Set<ConditionType> SUMMARY =
            Collections.unmodifiableSet(EnumSet.of(READY, RECONCILING, STALLED));

    private static final Map<String, ConditionType> BY_WORD =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ConditionType::toString, Function.identity()));

    private final String word = ConstantWords.camelCase(this);
    private final Polarity polarity;
    private final List<Use> uses;

    ConditionType(Use... uses) {
        this(Polarity.NORMAL_TRUE, uses);
    }

    ConditionType(Polarity polarity, Use... uses) {
        this.polarity = polarity;
        this.uses = List.of(uses);
    }

    /** @param always false if the condition needs a part of the spec, or is there only while something is wrong */
    private record Use(Predicate<Class<?>> kinds, Predicate<Class<?>> told, boolean always) {

        Use sometimes() {
            return new Use(kinds, told, false);
        }
    }

    private static Use onEveryKind() {
        return new Use(_ -> true, _ -> false, true);
    }

    @SafeVarargs
    private static Use toldExceptOn(Class<? extends HasMetadata>... kinds) {
        return new Use(_ -> true, Predicate.not(Set.of(kinds)::contains), true);
    }

    @SafeVarargs
    private static Use on(Class<? extends HasMetadata>... kinds) {
        return new Use(Set.of(kinds)::contains, _ -> false, true);
    }

    @SafeVarargs
    private static Use toldOn(Class<? extends HasMetadata>... kinds) {
        return new Use(Set.of(kinds)::contains, Set.of(kinds)::contains, true);
    }

    /** What a condition's {@code type} says, when it is one of ours. */
    public static Optional<ConditionType> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** The facts that every resource of the kind has, in order. */
    public static List<ConditionType> factsOf(Class<? extends HasMetadata> kind) {
        return Stream.of(values())
                .filter(type -> !type.isSummary() && type.isAlwaysOn(kind))
                .toList();
    }

    /** The facts that every resource of the kind has beside one that decides about all others, in order. */
    public static List<ConditionType> factsBeside(ConditionType deciding, Class<? extends HasMetadata> kind) {
        return factsOf(kind).stream().filter(type -> type != deciding).toList();
    }

    /** Those whose changes are told as Events about resources of the kind. */
    public static Set<ConditionType> toldOf(Class<? extends HasMetadata> kind) {
        return Stream.of(values()).filter(type -> type.isToldOn(kind)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it says how all the facts are, taken together. */
    public boolean isSummary() {
        return SUMMARY.contains(this);
    }

    public boolean isOn(Class<? extends HasMetadata> kind) {
        return uses.stream().anyMatch(use -> use.kinds().test(kind));
    }

    /** Whether every resource of the kind has it. */
    public boolean isAlwaysOn(Class<? extends HasMetadata> kind) {
        return uses.stream().anyMatch(use -> use.always() && use.kinds().test(kind));
    }

    public boolean isToldOn(Class<? extends HasMetadata> kind) {
        return uses.stream().anyMatch(use -> use.told().test(kind));
    }

    /** The status that a user wishes for. */
    public String goodStatus() {
        return polarity == Polarity.NORMAL_TRUE ? Condition.TRUE : Condition.FALSE;
    }

    /** The word in a condition's {@code type}. */
    @Override
    public String toString() {
        return word;
    }
}
