package com.xonetwork.tailnet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.tests.PolicyJudgement;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.status.Conditions;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.LocalBucketBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The layers: which package may depend on which. Production classes only; each rule says why it is there. */
@AnalyzeClasses(packages = "com.xonetwork.tailnet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "com.xonetwork.tailnet";
    private static final String BOOT = ROOT + ".boot";
    /** Holds one annotation. {@code PurityTest} holds what it promises. */
    private static final String PURE = ROOT + ".pure";

    @ArchTest
    static final ArchRule api_depends_on_nothing_of_ours = classes()
            .that()
            .resideInAPackage(ROOT + ".api..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            ROOT + ".api..",
                            "java.lang..",
                            "java.time..",
                            "java.util..",
                            "com.fasterxml.jackson..",
                            "org.jspecify.annotations",
                            "io.fabric8.kubernetes.api.model..",
                            "io.fabric8.kubernetes.model.annotation",
                            "io.fabric8.generator.annotation",
                            "io.fabric8.crd.generator.annotation..")
                    .or(JavaClass.Predicates.type(CustomResource.class))
                    // Jackson's deserializers declare it.
                    .or(JavaClass.Predicates.type(IOException.class)))
            .because("the CRDs are made from these types, and everybody depends on them: they must depend on nobody");

    /** The packages under {@code policy} in which the policy language lives; beside them only the resource AclPolicy does. */
    private static final String[] POLICY_LANGUAGE = {
        ROOT + ".policy.document..",
        ROOT + ".policy.hujson..",
        ROOT + ".policy.model..",
        ROOT + ".policy.validate..",
        ROOT + ".policy.tests..",
        ROOT + ".policy.net..",
        ROOT + ".policy.topology..",
        ROOT + ".policy.compile..",
        ROOT + ".policy.reach..",
        ROOT + ".policy.captures.."
    };

    @ArchTest
    static final ArchRule policy_language_depends_on_nothing_of_ours = classes()
            .that()
            .resideInAnyPackage(POLICY_LANGUAGE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(POLICY_LANGUAGE)
                    .or(resideInAnyPackage(
                            "java.io",
                            "java.lang..",
                            "java.math",
                            "java.nio",
                            "java.nio.charset",
                            "java.security",
                            "java.util..",
                            PURE,
                            "com.fasterxml.jackson.core..",
                            "com.fasterxml.jackson.databind..",
                            "org.jspecify.annotations"))
                    // A length of time, not a clock.
                    .or(JavaClass.Predicates.type(Duration.class)))
            .because("the policy language is text and nothing else: its rules are tested with tables, without a cluster"
                    + " or a control plane");

    @ArchTest
    static final ArchRule policies_have_addresses_of_their_own = noClasses()
            .that()
            .resideInAPackage(ROOT + ".policy..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("inet.ipaddr..")
            .because("the service reads addresses more strictly than the library: ADR 7");

    @ArchTest
    static final ArchRule only_policies_have_addresses_of_their_own = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".policy..")
            .should()
            .dependOnClassesThat(
                    oneOf(IpAddress.class, IpPrefix.class, IpRange.class).or(resideInAPackage(ROOT + ".policy.net..")))
            .because("others must read what a C library would connect to, however it is written: ADR 7");

    @ArchTest
    static final ArchRule only_the_tool_reads_command_lines = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".policy.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", ROOT + ".policy.cli..")
            .because("the engine is the operator's too: what it has to say comes back as values");

    @ArchTest
    static final ArchRule the_operator_loads_nothing_of_the_tool = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".policy.cli..", ROOT + ".policy.captures..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + ".policy.cli..", ROOT + ".policy.captures..")
                    .or(JavaClass.Predicates.type(PolicyJudgement.class)))
            .because(
                    "hack/policy comes in the operator's JAR: its start, its memory and its AOT cache must not pay for it");

    @ArchTest
    static final ArchRule nobody_starts_the_tool_but_its_user = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".policy.cli..", ROOT + ".policy.captures..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "io.quarkus..", "io.fabric8..", "io.vertx..", "io.javaoperatorsdk..")
            .because("a bean of it would be made in the operator, and the tool needs neither a cluster nor a server");

    @ArchTest
    static final ArchRule control_planes_know_no_kubernetes = noClasses()
            .that()
            .resideInAPackage(ROOT + ".controlplane..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "io.quarkus..", "jakarta..")
                    .or(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(PURE, ROOT + ".controlplane..")))))
            .because(
                    "an adapter translates a vendor's API into the port; what resources make of it is not its business");

    @ArchTest
    static final ArchRule the_port_knows_no_adapter = noClasses()
            .that()
            .resideInAPackage(ROOT + ".controlplane")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".controlplane.*..", "io.vertx..", "io.netty..", "com.fasterxml..")
            .because("features ask for capabilities through the port, never for a provider");

    @ArchTest
    static final ArchRule adapters_know_nothing_of_each_other = slices().matching(ROOT + ".controlplane.(*scale)..")
            .should()
            .notDependOnEachOther()
            .because("what is common to both is the HTTP core's or the port's");

    @ArchTest
    static final ArchRule adapters_are_chosen_in_one_place = noClasses()
            .that(not(resideInAPackage(ROOT + ".controlplane.connector"))
                    .and(not(resideInAnyPackage(ROOT + ".controlplane.tailscale", ROOT + ".controlplane.headscale"))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".controlplane.tailscale..", ROOT + ".controlplane.headscale..")
            .because(
                    "who knows which provider is behind the port comes to decide by its name instead of its capabilities");

    @ArchTest
    static final ArchRule http_stays_behind_the_port = noClasses()
            .that(not(resideInAnyPackage(BOOT, ROOT + ".controlplane..")))
            .and(
                    not(
                            belongTo(
                                    "a receiver, which serves and calls nobody, or hands on what it received",
                                    "Webhooks|WebhookReceiver|WebhookConnections|RunnerEndpoint|RunnerConnections|AccessFilter|ClientAddresses|BootstrapResource|RunEventsResource|LeaderForwarder|HttpPort|HeadDeadlines?|AwaitedHeads")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "java.net.http..", ROOT + ".controlplane.*..")
            .because("timeouts, budgets, redirects and secrets are handled once, in controlplane.http");

    @ArchTest
    static final ArchRule webhooks_only_hint = noClasses()
            .that()
            .resideInAPackage(ROOT + ".webhook..")
            .should()
            .dependOnClassesThat(kubernetesClient().or(aPort()).or(resideInAPackage(ROOT + ".api..")))
            .because("what comes from outside may make the operator look, and nothing else");

    @ArchTest
    static final ArchRule condition_types_come_from_one_list = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".status", ROOT + ".api..")
            .and()
            .doNotHaveFullyQualifiedName(EventRecorder.class.getName())
            .should()
            .callMethodWhere(describe(
                    "the target is the type() of a condition", call -> isOf(call.getTarget(), Condition.class, "type")))
            .orShould()
            .callConstructorWhere(describe(
                    "a condition is made", call -> call.getTarget().getOwner().isEquivalentTo(Condition.class)))
            .because("who compares or writes a type as text has a list of his own: ConditionType is the only one");

    @ArchTest
    static final ArchRule condition_types_are_text_only_in_a_users_words = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".heal.NodeHealth")
            .and()
            .resideOutsideOfPackage(ROOT + ".status")
            .should()
            .callMethodWhere(describe(
                    "a condition is looked for by text", call -> isOf(call.getTarget(), Conditions.class, "named")))
            .because("a HealPolicy names any condition; the code names those that there are, by ConditionType");

    @ArchTest
    static final ArchRule only_performers_speak_to_kubernetes = noClasses()
            .that(not(resideInAPackage(BOOT)))
            .and(
                    not(
                            belongTo(
                                    "a performer",
                                    ".*(Reconciler|Effects|EventSources|EventRecorder|ConnectionResolver|ServiceAccountTokens|TailnetNodeCache|TailnetNodeEventSource|RunStore|AttemptReads|KubernetesReviews|KubernetesFailureMapper|LeaderElection|ObservedLock|FencedWrites)")))
            .should()
            .dependOnClassesThat(kubernetesClient())
            .because("who looks for everything that the operator does to a cluster has only these to read");

    @ArchTest
    static final ArchRule only_effects_and_the_poller_call_the_control_plane = noClasses()
            .that(not(resideInAPackage(ROOT + ".controlplane..")))
            .and(
                    not(
                            belongTo(
                                    "an effect, the poller, or the view that hands it out",
                                    ".*Effects|SnapshotPoller|CapabilityChecks|Connection|ConnectedControlPlane|TailnetView|DocumentReads|DocumentSteps|TailnetDocument")))
            .should()
            .dependOnClassesThat(aPort())
            .because(
                    "there is one list per tailnet and poll, and each thing outside has one writer; a call from anywhere"
                            + " else would escape both");

    /** Classes of effects that plan, with the reason. */
    private static final Map<String, String> EFFECTS_THAT_PLAN = Map.of(
            "JoinKeyEffects", "at most one live key: what is revoked and made follows from a list read right before",
            "CloudInitSecretEffects", "each write follows the very version of the Secret that it was decided on");

    @ArchTest
    static void effects_perform_and_do_not_plan(JavaClasses classes) {
        assertThat(callsOfPlanners(classes)
                        .filter(call -> outermost(call.getOriginOwner()).endsWith("Effects"))
                        .filter(call -> !EFFECTS_THAT_PLAN.containsKey(outermost(call.getOriginOwner())))
                        .map(JavaMethodCall::getDescription))
                .as("effects that plan decide: a plan has for each outcome what follows from it")
                .isEmpty();
    }

    @ArchTest
    static void each_planner_is_asked_in_one_place(JavaClasses classes) {
        var places = callsOfPlanners(classes)
                .filter(call -> !EFFECTS_THAT_PLAN.containsKey(outermost(call.getOriginOwner())))
                .collect(Collectors.groupingBy(
                        call -> call.getTargetOwner().getSimpleName(),
                        TreeMap::new,
                        Collectors.mapping(JavaMethodCall::getDescription, Collectors.toList())));

        assertThat(places).containsKeys("NodePlanner", "JoinPlanner", "MachinePlanner", "ExitNodePlanner");
        assertThat(places.get("NodePlanner"))
                .singleElement()
                .satisfies(call -> assertThat(call).contains("TailnetNodeReconciler.reconcile("));
        places.values().removeIf(where -> where.size() == 1);
        assertThat(places)
                .as("planners that are asked in several places: there is one plan for each reconciliation")
                .isEmpty();
    }

    /** Calls of {@code plan()} of a planner, but for those of the planner itself. */
    private static Stream<JavaMethodCall> callsOfPlanners(JavaClasses classes) {
        return classes.stream()
                .flatMap(candidate -> candidate.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTarget().getName().equals("plan")
                        && call.getTargetOwner().getSimpleName().endsWith("Planner")
                        && !outermost(call.getOriginOwner())
                                .equals(call.getTargetOwner().getSimpleName()));
    }

    private static String outermost(JavaClass candidate) {
        return candidate.getEnclosingClass().map(ArchitectureTest::outermost).orElse(candidate.getSimpleName());
    }

    @ArchTest
    static final ArchRule secrets_are_touched_in_few_places = noClasses()
            .that(not(belongTo(
                    "a place for Secrets",
                    "ConnectionResolver|(Join|Attempt|CloudInit)SecretEffects|KnownHostsEffects")))
            .should()
            .dependOnClassesThat(oneOf(Secret.class, SecretList.class))
            .orShould()
            .callMethodWhere(describe(
                    "the target is secrets()", call -> isOf(call.getTarget(), KubernetesClient.class, "secrets")))
            .because("a Secret is read or made by name where it is needed, and never listed, watched or passed around");

    @ArchTest
    static final ArchRule reconcilers_are_private_to_their_package = classes()
            .that()
            .resideInAPackage(ROOT + "..")
            .should(notKnowReconcilersOfOtherPackages())
            .because(
                    "resources meet in the cluster, through their specs and statuses, and not in the code of one another");

    @ArchTest
    static final ArchRule there_are_no_package_cycles = slices().matching(ROOT + ".(**)")
            .should()
            .beFreeOfCycles()
            .because("packages of a cycle can only be read, changed and tested together");

    @ArchTest
    static final ArchRule nobody_depends_on_the_composition_root = noClasses()
            .that()
            .resideOutsideOfPackage(BOOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BOOT)
            .because(
                    "boot puts the parts together; a part that knew it could not be put together otherwise, as tests do");

    @ArchTest
    static final ArchRule no_class_is_loose = noClasses()
            .should()
            .resideInAPackage(ROOT)
            .because("each class belongs to a package that says what it is about");

    @ArchTest
    static final ArchRule only_the_composition_root_knows_cdi = noClasses()
            .that()
            .resideOutsideOfPackage(BOOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.enterprise..", "jakarta.annotation..", "io.quarkus..")
            .because(
                    "a class says at most that there is one of it (Singleton), and takes what it needs in its constructor, as"
                            + " tests do; what is made of settings, or must be closed, is made in boot");

    @ArchTest
    static final ArchRule only_the_service_serves_rest = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".service")
            .and()
            .resideOutsideOfPackage(BOOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta.ws..",
                    "org.jboss.resteasy..",
                    "io.quarkiverse.resteasy..",
                    "org.eclipse.microprofile..",
                    ROOT + ".service..")
            .because("the API is one more way to ask for a run: no decision may depend on how it was asked for");

    @ArchTest
    static final ArchRule static_fields_are_final = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .because("static state outlives a test, and two reconcilers on two threads share it unseen");

    @ArchTest
    static final ArchRule static_fields_hold_no_state = fields().that()
            .areStatic()
            .should()
            .notHaveRawType(are(describe("mutable holders", ArchitectureTest::isMutableHolder)))
            .because("a static map or counter is static mutable state, whatever its modifier says");

    @ArchTest
    static final ArchRule control_planes_come_from_the_view = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".snapshot..", ROOT + ".controlplane..")
            .should()
            .callMethod(ControlPlaneConnector.class, "connect", ControlPlaneSettings.class)
            .orShould()
            .callMethodWhere(describe(
                    "the poller hands out a control plane or settings",
                    call -> call.getTarget().getOwner().isEquivalentTo(SnapshotPoller.class)
                            && call.getTarget()
                                    .getRawReturnType()
                                    .getFullName()
                                    .matches(".*(ControlPlane|Optional).*")))
            .because(
                    "what is decided on a view is done on that view's connection: device 3 of one control plane is not device 3 of"
                            + " another");

    /**
     * Left as they are: SnapshotStore and SnapshotPoller tell the memories, and TagOwnership keeps what follows from a view's policy
     * until the Tailnet's reconciler forgets it. Other packages still have maps that their reconcilers clear.
     */
    @ArchTest
    static final ArchRule memories_end_with_what_they_are_about = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".snapshot..",
                    ROOT + ".tailnet..",
                    ROOT + ".node..",
                    ROOT + ".nodeclass..",
                    ROOT + ".joinkey..",
                    ROOT + ".exitnode..",
                    ROOT + ".heal..",
                    ROOT + ".automation..",
                    ROOT + ".policy")
            .and()
            .doNotHaveSimpleName("SnapshotStore")
            .and()
            .doNotHaveSimpleName("SnapshotPoller")
            .and()
            .doNotHaveSimpleName("PerTailnet")
            .and()
            .doNotHaveSimpleName("TagOwnership")
            .should()
            .callConstructor(ConcurrentHashMap.class)
            .because(
                    "a map in memory outlives its subject and speaks of a tailnet that the Tailnet has left: PerTailnet and"
                            + " PerResource are told");

    @ArchTest
    static final ArchRule nobody_sleeps = noClasses()
            .should()
            .callMethodWhere(describe(
                    "the target is sleep()",
                    call -> call.getTarget().getName().equals("sleep")
                            || isOf(call.getTarget(), Thread.class, "onSpinWait")))
            .because("waiting has an end and something to wake it; a sleep has neither");

    @ArchTest
    static final ArchRule nobody_prints = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .because("what is said goes to the log, where it has a level and no secret");

    @ArchTest
    static final ArchRule time_comes_from_the_clock = noClasses()
            .that()
            .resideOutsideOfPackage(BOOT)
            .should()
            .callMethodWhere(describe("the target asks for the time of day", call -> tellsTime(call.getTarget())))
            .because("with an injected Clock a test moves time instead of waiting for it");

    @ArchTest
    static final ArchRule delays_go_through_one_place = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(LookAgain.class.getName())
            .should()
            .accessTargetWhere(describe(
                    "the target asks for a later reconciliation",
                    access -> access.getTarget().getName().equals("rescheduleAfter")))
            .because(
                    "a difference of two times can be negative, or too long for a timer, when a clock is set: LookAgain knows");

    @ArchTest
    static final ArchRule limits_go_by_a_clock_that_nobody_sets = classes()
            .that(describe(
                    "make a bucket",
                    candidate -> candidate.getMethodCallsFromSelf().stream()
                            .anyMatch(call -> isOf(call.getTarget(), Bucket.class, "builder"))))
            .should()
            .callMethod(LocalBucketBuilder.class, "withNanosecondPrecision")
            .because(
                    "by the time of day, which is the library's default, a bucket stays empty when the clock is set back");

    @ArchTest
    static final ArchRule settings_come_from_the_configuration = noClasses()
            .that(not(belongTo("what switches a part of a library on", "HeadDeadlines")))
            .should()
            .callMethodWhere(describe(
                    "the target is the environment",
                    call -> isOf(call.getTarget(), System.class, "getenv", "getProperty", "setProperty")))
            .because("all that can be set stands in OperatorConfig, documented, with its default");

    @ArchTest
    static final ArchRule classes_are_named_after_what_they_are = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Misc|Common)(\\$.*)?")
            .because("a name that fits everything attracts everything");

    @ArchTest
    static void top_level_names_are_unique(JavaClasses classes) {
        var packages = classes.stream()
                .filter(candidate -> candidate.isTopLevelClass()
                        && !candidate.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getPackageName, Collectors.toCollection(TreeSet::new))));
        packages.values().removeIf(where -> where.size() == 1);

        assertThat(packages)
                .as("names that two classes have: a reader, an import and a stack trace must not be mistaken")
                .isEmpty();
    }

    @ArchTest
    static final ArchRule every_package_is_null_marked = classes()
            .that()
            .haveSimpleName("package-info")
            .should()
            .beAnnotatedWith(NullMarked.class)
            .because("NullAway holds what is not marked nullable to be there");

    /** A class or one that is nested in it, by the simple name of the outermost. */
    private static DescribedPredicate<JavaClass> belongTo(String description, String regex) {
        return describe("belong to " + description, candidate -> {
            var outermost = candidate;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return outermost.getPackageName().startsWith(ROOT)
                    && outermost.getSimpleName().matches(regex);
        });
    }

    /** The client itself and all that it hands out; a resource type is data, and its exceptions go with the client. */
    private static DescribedPredicate<JavaClass> kubernetesClient() {
        return resideInAPackage("io.fabric8.kubernetes.client..")
                .and(not(JavaClass.Predicates.type(CustomResource.class)))
                .or(JavaClass.Predicates.assignableTo(KubernetesClient.class));
    }

    /** The control plane, and what it is asked through. */
    private static DescribedPredicate<JavaClass> aPort() {
        return JavaClass.Predicates.assignableTo(ControlPlane.class).or(JavaClass.Predicates.assignableTo(Port.class));
    }

    private static DescribedPredicate<JavaClass> oneOf(Class<?>... types) {
        var names = Set.copyOf(List.of(types).stream().map(Class::getName).toList());
        return describe("one of " + names, candidate -> names.contains(candidate.getName()));
    }

    private static boolean isOf(MethodCallTarget target, Class<?> owner, String... names) {
        return target.getOwner().isEquivalentTo(owner) && List.of(names).contains(target.getName());
    }

    private static boolean tellsTime(MethodCallTarget target) {
        var takesNoClock = target.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
        return (target.getOwner().getPackageName().equals(Instant.class.getPackageName())
                        && target.getName().equals("now")
                        && takesNoClock)
                || (target.getOwner().isEquivalentTo(Clock.class)
                        && target.getName().startsWith("system"))
                || isOf(target, System.class, "currentTimeMillis");
    }

    private static boolean isMutableHolder(JavaClass type) {
        return type.getPackageName().startsWith("java.util.concurrent.atomic")
                || type.isAssignableTo(ThreadLocal.class)
                || type.isAssignableTo(Lock.class)
                || type.isAssignableTo(Semaphore.class)
                || type.isAssignableTo(StringBuilder.class)
                || isConcreteCollection(type);
    }

    /** {@code Map} may be {@code Map.of}; {@code HashMap} may not. */
    private static boolean isConcreteCollection(JavaClass type) {
        return !type.isInterface() && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
    }

    private static ArchCondition<JavaClass> notKnowReconcilersOfOtherPackages() {
        return new ArchCondition<>("not know reconcilers of other packages") {
            @Override
            public void check(JavaClass candidate, ConditionEvents events) {
                candidate.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith(ROOT))
                        .filter(dependency ->
                                dependency.getTargetClass().getSimpleName().endsWith("Reconciler"))
                        .filter(dependency ->
                                !dependency.getTargetClass().getPackageName().equals(candidate.getPackageName()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(candidate, dependency.getDescription())));
            }
        };
    }
}
