package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.observability.EventRecorder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who knows one resource package knows all: the same parts, with the same names, each of which does what CONTRIBUTING says. */
@AnalyzeClasses(packages = "com.xonetwork.tailnet", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageShapeTest {

    private static final String ROOT = "com.xonetwork.tailnet";

    /** Kinds whose classes have a shorter name in front: what the reconciler's name says, and the other classes' prefix. */
    private static final Map<String, String> SHORT = Map.of(
            "AutomationRun", "Run",
            "AutomationTemplate", "Template",
            "HealPolicy", "Heal",
            "TailnetNode", "Node");

    /** Kinds about which nothing is decided: they need no planner and what belongs to it. */
    private static final Set<String> DECIDE_NOTHING = Set.of("NodeClass");

    /** Gatherers of a part, which the gatherer of the kind asks: the name, and what it gathers. */
    private static final Map<String, String> OF_A_PART = Map.of(
            "AttemptGatherer", "the last attempt of a run, which is gathered again once it was started",
            "DeletionGatherer", "the end of a TailnetNode",
            "GarbageGatherer", "what there is to remove, which is gathered again right before each removal",
            "PolicyGatherer", "the policy file, a document of the tailnet");

    /** Other words for what is gathered. */
    private static final Pattern OTHER_WORDS = Pattern.compile(".*(Surroundings|Observations?)");

    private static final Pattern WRITES = Pattern.compile(
            "(create|delete|patch|edit|update|replace|serverSideApply|apply|accept|scale|evict|upload|rolling).*");

    @ArchTest
    static void eachKindHasItsParts(JavaClasses production) {
        var reconcilers = production.stream()
                .filter(candidate ->
                        candidate.isTopLevelClass() && candidate.getSimpleName().endsWith("Reconciler"))
                .toList();
        var faults = new TreeMap<String, List<String>>();
        for (var reconciler : reconcilers) {
            var kind = reconciler.getSimpleName().replaceAll("Reconciler$", "");
            faults.put(kind, faults(reconciler, SHORT.getOrDefault(kind, kind), DECIDE_NOTHING.contains(kind)));
        }

        assertThat(faults).hasSizeGreaterThan(8);
        assertThat(faults.keySet()).containsAll(SHORT.keySet()).containsAll(DECIDE_NOTHING);
        faults.values().removeIf(List::isEmpty);
        assertThat(faults)
                .as("CONTRIBUTING.md, section \"The shape of a package\"")
                .isEmpty();
    }

    private static List<String> faults(JavaClass reconciler, String prefix, boolean decidesNothing) {
        var faults = new ArrayList<String>();
        var parts = reconciler.getPackage().getClasses().stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.toMap(JavaClass::getSimpleName, part -> part));
        if (!parts.containsKey(prefix + "Statuses")) {
            faults.add(prefix + "Statuses is missing");
        }
        if (decidesNothing) {
            return faults;
        }
        var input = part(parts, prefix + "Input", JavaClass::isRecord, "a record", faults);
        var plan = part(parts, prefix + "Plan", JavaClass::isRecord, "a record", faults);
        part(
                parts,
                prefix + "Gatherer",
                part -> has(part, "gather", input),
                "a class whose gather() makes the input",
                faults);
        var planner = part(
                parts,
                prefix + "Planner",
                part -> has(part, "plan", plan) && takesOnly(part, "plan", input),
                "a class whose plan() makes the plan of the input alone",
                faults);
        planner.ifPresent(there -> {
            var callers = there.getMethod("plan", input.orElseThrow().getName()).getCallsOfSelf().stream()
                    .map(call -> call.getOriginOwner().getSimpleName())
                    .toList();
            if (!callers.equals(List.of(reconciler.getSimpleName()))) {
                faults.add(
                        prefix + "Planner.plan() is to be called once, by the reconciler, and is called by " + callers);
            }
        });
        return faults;
    }

    /** @return empty when it is missing, or is not so */
    private static Optional<JavaClass> part(
            Map<String, JavaClass> parts, String name, Predicate<JavaClass> rule, String words, List<String> faults) {
        var part = Optional.ofNullable(parts.get(name)).filter(rule);
        if (part.isEmpty()) {
            faults.add(name + " is to be " + words);
        }
        return part;
    }

    private static boolean has(JavaClass part, String method, Optional<JavaClass> result) {
        return methods(part, method).stream()
                .anyMatch(candidate ->
                        result.filter(candidate.getRawReturnType()::equals).isPresent());
    }

    private static boolean takesOnly(JavaClass part, String method, Optional<JavaClass> parameter) {
        return methods(part, method).stream()
                .anyMatch(candidate -> candidate
                        .getRawParameterTypes()
                        .equals(parameter.stream().toList()));
    }

    private static List<JavaMethod> methods(JavaClass part, String name) {
        return part.getMethods().stream()
                .filter(method -> method.getName().equals(name))
                .toList();
    }

    @ArchTest
    static void eachPartHasItsName(JavaClasses production) {
        var prefixes = production.stream()
                .filter(candidate -> candidate.getSimpleName().endsWith("Reconciler"))
                .map(candidate -> candidate.getSimpleName().replaceAll("Reconciler$", ""))
                .map(kind -> SHORT.getOrDefault(kind, kind))
                .collect(Collectors.toSet());
        var gatherers = production.stream()
                .filter(candidate ->
                        candidate.isTopLevelClass() && candidate.getSimpleName().endsWith("Gatherer"))
                .filter(candidate ->
                        !prefixes.contains(candidate.getSimpleName().replaceAll("Gatherer$", "")))
                .map(JavaClass::getSimpleName);

        assertThat(gatherers)
                .as("gatherers that are no kind's: a part of one is named in OF_A_PART")
                .containsExactlyInAnyOrderElementsOf(OF_A_PART.keySet());
        assertThat(production.stream()
                        .filter(candidate ->
                                OTHER_WORDS.matcher(candidate.getSimpleName()).matches())
                        .map(candidate -> candidate
                                .getName()
                                .substring(candidate.getName().lastIndexOf('.') + 1)))
                .as("what is gathered is an Input, and who gathers it a Gatherer")
                .isEmpty();
    }

    @ArchTest
    static void gatherersOnlyRead(JavaClasses production) {
        var gatherers = production.stream()
                .filter(candidate -> candidate.getSimpleName().endsWith("Gatherer"))
                .toList();

        assertThat(gatherers).hasSizeGreaterThan(5);
        assertThat(writes(gatherers)).isEmpty();
    }

    @Test
    void aGathererThatWritesIsFound() {
        var fixtures =
                new ClassFileImporter().importClasses(WritingGatherer.class, ReadingGatherer.class, Helper.class);

        assertThat(writes(List.of(fixtures.get(WritingGatherer.class))))
                .singleElement()
                .asString()
                .contains("delete");
        assertThat(writes(List.of(fixtures.get(ReadingGatherer.class)))).isEmpty();
    }

    /** One line for each call that writes, with the way there: through classes of ours, method by method. */
    private static Set<String> writes(Collection<JavaClass> gatherers) {
        var found = new TreeSet<String>();
        Map<JavaCodeUnit, String> ways = new HashMap<>();
        var open = new ArrayDeque<JavaCodeUnit>();
        gatherers.stream().flatMap(gatherer -> gatherer.getCodeUnits().stream()).forEach(unit -> {
            ways.put(unit, unit.getFullName());
            open.add(unit);
        });
        while (!open.isEmpty()) {
            var unit = open.remove();
            for (var access : unit.getAccessesFromSelf()) {
                var target = access.getTarget();
                if (isWrite(access)) {
                    found.add(ways.get(unit) + " -> " + target.getFullName());
                } else if (target.getOwner().getPackageName().startsWith(ROOT)) {
                    target.resolveMember()
                            .filter(JavaCodeUnit.class::isInstance)
                            .map(JavaCodeUnit.class::cast)
                            .filter(called ->
                                    ways.putIfAbsent(called, ways.get(unit) + " -> " + called.getFullName()) == null)
                            .ifPresent(open::add);
                }
            }
        }
        return found;
    }

    /** A port answers from the service: what is gathered comes from the snapshot. */
    private static boolean isWrite(JavaAccess<?> access) {
        var owner = access.getTarget().getOwner();
        // What earlier answers have told of the service's clock is remembered: to ask for it is no call.
        var isRemembered = access.getTarget().getName().equals("clockSkew");
        return (owner.isAssignableTo(ControlPlane.class) && !isRemembered)
                || owner.isAssignableTo(Port.class)
                || owner.isAssignableTo(EventRecorder.class)
                || owner.isAssignableTo(ResourceOperations.class)
                || owner.getPackageName().startsWith("io.fabric8.kubernetes.client")
                        && WRITES.matcher(access.getTarget().getName()).matches();
    }

    /** Takes away what it has read, which another class does for it. */
    private record WritingGatherer(Helper helper) {
        ConfigMap gather(KubernetesClient kubernetes) {
            var found = helper.read(kubernetes);
            Optional.ofNullable(found).ifPresent(there -> helper.remove(kubernetes));
            return found;
        }
    }

    /** Has the same helper, and only reads. */
    private record ReadingGatherer(Helper helper) {
        ConfigMap gather(KubernetesClient kubernetes) {
            return helper.read(kubernetes);
        }
    }

    private static final class Helper {
        ConfigMap read(KubernetesClient kubernetes) {
            return kubernetes.configMaps().inNamespace("net").withName("a").get();
        }

        void remove(KubernetesClient kubernetes) {
            kubernetes.configMaps().inNamespace("net").withName("a").delete();
        }
    }
}
