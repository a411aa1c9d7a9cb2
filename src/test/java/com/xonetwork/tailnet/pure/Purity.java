package com.xonetwork.tailnet.pure;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Finds what a class that is {@link Pure} does besides computing: itself, or in code of ours that it calls. */
final class Purity {

    private static final String ROOT = "com.xonetwork.tailnet";
    private static final Pattern PERFORMERS = Pattern.compile(".*(Effects|Gatherer|Reconciler|EventRecorder)");

    /** Classes of ours whose code is not looked at: what they do besides computing, no caller can see. With the reason. */
    private static final Map<String, String> NOT_FOLLOWED = Map.of(
            "PolicyForesight",
            "keeps the last answers of PolicyOutlook, which is followed, and logs a fault of the engine",
            "DocumentKind",
            "names how a document is read; who only has it as a key reads nothing",
            "JoinProgram",
            "constants that stand in files of the jar");

    private static final Set<String> LOOK_UPS =
            Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName", "isReachable");

    /** Constants and values of packages that do something otherwise. */
    private static final DescribedPredicate<JavaClass> VALUES = type(CustomResource.class)
            .or(type(URI.class))
            .or(type(URISyntaxException.class))
            .or(assignableTo(InetAddress.class))
            .or(type(IOException.class))
            .or(type(UncheckedIOException.class))
            .or(describe(
                    "in memory", target -> target.getName().matches("java\\.io\\.(String|ByteArray|CharArray).*")));

    private static final DescribedPredicate<JavaClass> FORBIDDEN = resideInAnyPackage(
                    "io.fabric8.kubernetes.client..",
                    "io.javaoperatorsdk..",
                    "io.vertx..",
                    "io.netty..",
                    "io.quarkus..",
                    "io.micrometer..",
                    "io.github.bucket4j..",
                    "com.github.benmanes.caffeine..",
                    "org.slf4j..",
                    "org.jboss.logging..",
                    "java.util.logging..",
                    "java.util.concurrent..",
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.nio.channels..")
            .and(not(VALUES))
            .or(assignableTo(KubernetesClient.class))
            .or(assignableTo(ControlPlane.class))
            .or(assignableTo(Port.class))
            .or(assignableTo(RandomGenerator.class))
            .or(type(SecureRandom.class))
            .or(assignableTo(Clock.class))
            .or(assignableTo(Thread.class))
            .or(assignableTo(ThreadLocal.class))
            .or(type(System.class))
            .or(type(Runtime.class))
            .or(type(Process.class))
            .or(type(ProcessBuilder.class))
            .or(type(ControlPlaneConnector.class))
            .or(type(SnapshotStore.class))
            .or(type(SnapshotPoller.class))
            .or(resideInAPackage(ROOT + "..")
                    .and(describe(
                            "perform",
                            target -> PERFORMERS
                                    .matcher(outermost(target).getSimpleName())
                                    .matches())));

    private Purity() {}

    static boolean isPure(JavaClass candidate) {
        return outermost(candidate).isAnnotatedWith(Pure.class)
                || candidate.getPackage().isAnnotatedWith(Pure.class);
    }

    static JavaClass outermost(JavaClass candidate) {
        var outermost = candidate;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost;
    }

    /** One line for each breach, sorted: what it is, and the way there. */
    static Set<String> breaches(Collection<JavaClass> pure) {
        var found = new TreeSet<String>();
        for (var candidate : pure) {
            candidate.getDirectDependenciesFromSelf().stream()
                    .filter(dependency -> FORBIDDEN.test(dependency.getTargetClass()))
                    .forEach(dependency -> found.add(dependency.getDescription()));
            candidate.getFields().stream()
                    .filter(Purity::isMemory)
                    .forEach(field -> found.add(field.getFullName() + " is not final: it is kept between two calls"));
        }
        found.addAll(breachesOfTheCalled(pure));
        return found;
    }

    /** A parser of a pure package may count where it is: it lives as long as one call. A class that is marked itself may not. */
    private static boolean isMemory(JavaField field) {
        return field.getOwner().isAnnotatedWith(Pure.class)
                && !field.getModifiers().contains(JavaModifier.FINAL)
                && !field.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    private static Set<String> breachesOfTheCalled(Collection<JavaClass> pure) {
        var found = new TreeSet<String>();
        Map<JavaCodeUnit, String> ways = new HashMap<>();
        var open = new ArrayDeque<JavaCodeUnit>();
        pure.stream().flatMap(candidate -> candidate.getCodeUnits().stream()).forEach(unit -> {
            ways.put(unit, unit.getFullName());
            open.add(unit);
        });
        while (!open.isEmpty()) {
            var unit = open.remove();
            var way = ways.get(unit);
            for (var access : unit.getAccessesFromSelf()) {
                var target = access.getTarget();
                if (isForbidden(access)) {
                    found.add(way + " -> " + target.getFullName());
                } else if (isFollowed(target.getOwner())) {
                    target.resolveMember()
                            .filter(JavaCodeUnit.class::isInstance)
                            .map(JavaCodeUnit.class::cast)
                            .ifPresent(called -> follow(called, way, ways, open));
                    target.getOwner()
                            .getStaticInitializer()
                            .ifPresent(initializer -> follow(initializer, way, ways, open));
                }
            }
        }
        return found;
    }

    private static boolean isFollowed(JavaClass owner) {
        return owner.getPackageName().startsWith(ROOT)
                && !NOT_FOLLOWED.containsKey(outermost(owner).getSimpleName());
    }

    private static void follow(
            JavaCodeUnit called, String way, Map<JavaCodeUnit, String> ways, Collection<JavaCodeUnit> open) {
        if (ways.putIfAbsent(called, way + " -> " + called.getFullName()) == null) {
            open.add(called);
        }
    }

    private static boolean isForbidden(JavaAccess<?> access) {
        var target = access.getTarget();
        var owner = target.getOwner();
        return FORBIDDEN.test(owner)
                || (owner.getPackageName().equals("java.time")
                        && target.getName().equals("now"))
                || (owner.isAssignableTo(InetAddress.class) && LOOK_UPS.contains(target.getName()))
                || (owner.isEquivalentTo(UUID.class) && target.getName().equals("randomUUID"))
                || (owner.isEquivalentTo(Math.class) && target.getName().equals("random"))
                || (owner.isEquivalentTo(Collections.class) && target.getName().equals("shuffle"))
                || (owner.isEquivalentTo(Class.class) && target.getName().startsWith("getResource"));
    }
}
