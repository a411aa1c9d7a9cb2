package com.xonetwork.tailnet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The floors of the house: who may stand on what. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "com.xonetwork.tailnet..";
    private static final String API = "com.xonetwork.tailnet.api..";
    private static final String DOCUMENT = "com.xonetwork.tailnet.policy.document..";
    private static final String PORT = "com.xonetwork.tailnet.controlplane..";

    private static final Set<String> READS = Set.of(
            "capabilities", "detectCapabilities", "devices", "routes", "joinKeys", "policy", "validatePolicy", "close");

    @ArchTest
    static final ArchRule theApiStandsOnTheGround = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            API,
                            "java..",
                            "org.jspecify.annotations..",
                            "com.fasterxml.jackson..",
                            "io.fabric8.kubernetes.api.model..",
                            "io.fabric8.kubernetes.model.annotation..",
                            "io.fabric8.generator.annotation..",
                            "io.fabric8.crd.generator.annotation..")
                    .or(describe("CustomResource", type -> type.isEquivalentTo(CustomResource.class))))
            .because(
                    "whoever reads or writes our resources from outside must need nothing of the operator, no client and"
                            + " no HTTP");

    @ArchTest
    static final ArchRule thePolicyDocumentStandsOnTheGround = classes()
            .that()
            .resideInAPackage(DOCUMENT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    DOCUMENT, "java..", "org.jspecify.annotations..", "com.fasterxml.jackson..", "inet.ipaddr..")
            .because(
                    "what a policy means depends on its text alone, and has to be provable without a cluster or a network");

    @ArchTest
    static final ArchRule thePortKnowsNoKubernetes = noClasses()
            .that()
            .resideInAPackage(PORT)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "io.quarkiverse..")
                    .or(resideInAPackage(OURS).and(not(resideInAPackage(PORT)))))
            .because(
                    "adapters speak of devices and policies in the service's words; what they are to Kubernetes is decided"
                            + " above them, and a second control plane must not have to know");

    @ArchTest
    static final ArchRule plannersArePure = noClasses()
            .that()
            .haveNameMatching(".*Planner(\\$.*)?")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("io.fabric8.kubernetes.client..", "io.vertx..", "io.javaoperatorsdk..")
                            .and(describe("no CustomResource", type -> !type.isEquivalentTo(CustomResource.class))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ControlPlane.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because(
                    "a plan follows from its input alone: no I/O, no client, no clock of its own; so it can be tested with"
                            + " tables and understood without a debugger");

    @ArchTest
    static final ArchRule fewTouchTheCluster = noClasses()
            .that(
                    resideInAPackage(OURS)
                            .and(
                                    not(
                                            nameMatching(
                                                    ".*\\.(\\w+(Reconciler|Effects|Deletion|Resolver|Scope)|Imported\\w+|EventRecorder|Beans)(\\$.*)?"))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(KubernetesClient.class)
            .because("who asks what the operator does to a cluster has to find all of it in these few places");

    @ArchTest
    static final ArchRule onlyEffectsWriteOutside = noClasses()
            .that(not(resideInAPackage(PORT)).and(not(nameMatching(".*Effects(\\$.*)?"))))
            .should()
            .callMethodWhere(describe(
                    "a write to a control plane",
                    (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(ControlPlane.class)
                            && !READS.contains(call.getName())))
            .because("every external thing has one writer: plans decide, effects perform");

    @ArchTest
    static final ArchRule reconcilersStayAtHome = classes()
            .that()
            .haveSimpleNameEndingWith("Reconciler")
            .should(beReferredToOnlyFromTheirPackage())
            .because("resources meet through intents in the caches, not by calling each other");

    @ArchTest
    static final ArchRule noCyclesOfRooms = slices().matching("com.xonetwork.tailnet.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a room that needs another that needs it is one room with two doors");

    @ArchTest
    static final ArchRule noCyclesWithinRooms = slices().matching("com.xonetwork.tailnet.(**)")
            .should()
            .beFreeOfCycles()
            .because("the same holds of the packages within a room");

    @ArchTest
    static final ArchRule noStaticState = fields().that()
            .areStatic()
            .should(notHoldState())
            .because("state that belongs to nobody cannot be reset, tested or given to a second operator");

    @ArchTest
    static final ArchRule timeComesFromTheClock = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("com.xonetwork.tailnet.Beans")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Date.class)
            .because("the Clock is injected, in one place: else nothing that waits or ages could be tested");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethodWhere(describe(
                    "Thread.sleep",
                    (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(Thread.class)
                            && call.getName().equals("sleep")))
            .because(
                    "a thread that sleeps cannot be told to stop or to look sooner; wait on something, or be rescheduled");

    @ArchTest
    static final ArchRule nobodyPrints = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("what is printed has no level, no resource and no format; log it");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?)(\\$.*)?")
            .because("a class named for no concern gathers all of them");

    private static ArchCondition<JavaClass> beReferredToOnlyFromTheirPackage() {
        return new ArchCondition<>("be referred to only from their own package") {
            @Override
            public void check(JavaClass reconciler, ConditionEvents events) {
                reconciler.getDirectDependenciesToSelf().stream()
                        .filter(dependency ->
                                !dependency.getOriginClass().getPackageName().equals(reconciler.getPackageName()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(reconciler, dependency.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaField> notHoldState() {
        return new ArchCondition<>("be final and of a type that holds no state") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                var isFinal = field.getModifiers().contains(JavaModifier.FINAL);
                var isSynthetic = field.getModifiers().contains(JavaModifier.SYNTHETIC);
                if (!isSynthetic && (!isFinal || isOpenArray(field) || changes(field.getRawType()))) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " can change"));
                }
            }
        };
    }

    /** A private one can be seen not to be written to; any other can be written to by whoever sees it. */
    private static boolean isOpenArray(JavaField field) {
        return field.getRawType().isArray() && !field.getModifiers().contains(JavaModifier.PRIVATE);
    }

    /** Interfaces are trusted: they hold {@code List.of} and the like. */
    private static boolean changes(JavaClass type) {
        return type.isAssignableTo(AtomicReference.class)
                || type.isAssignableTo(AtomicBoolean.class)
                || type.isAssignableTo(Number.class) && type.getPackageName().startsWith("java.util.concurrent")
                || type.isAssignableTo(StringBuilder.class)
                || !type.isInterface() && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
    }
}
