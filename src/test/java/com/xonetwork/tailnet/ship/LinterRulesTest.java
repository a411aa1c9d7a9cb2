package com.xonetwork.tailnet.ship;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.xonetwork.tailnet.testbed.ShippedManifests;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules that kube-linter 0.7.1 has switched on by default, by their names there, on what the chart and
 * {@code deploy/kustomize} install. Waived is one, {@code no-anti-affinity}: topology spread keeps the replicas apart, over nodes
 * and zones, and evens them out besides; that is asserted in its place.
 */
class LinterRulesTest {

    private static final int SSH = 22;
    private static final String PULL_SECRETS = "TAILNET_OPERATOR_RUNS_IMAGE_PULL_SECRETS";
    /** Of a port, by RFC 6335. */
    private static final String PORT_NAME = "(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?";

    private record Installation(List<HasMetadata> items) {

        static Installation of(String... files) {
            return new Installation(Stream.of(files)
                    .flatMap(file -> ShippedManifests.in(Path.of(file)).stream())
                    .toList());
        }

        <R> List<R> all(Class<R> kind) {
            return items.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        List<PodSpec> pods() {
            return all(Deployment.class).stream()
                    .map(deployment -> deployment.getSpec().getTemplate().getSpec())
                    .toList();
        }

        List<Container> containers() {
            return pods().stream()
                    .flatMap(pod -> Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream()))
                    .toList();
        }
    }

    private static final Map<String, Installation> INSTALLATIONS = Map.of(
            "deploy/kustomize", Installation.of("deploy/kustomize/operator.yaml", "deploy/kustomize/rbac.yaml"),
            "small chart", Installation.of("src/test/resources/chart/one-namespace.golden.yaml"),
            "full chart", Installation.of("src/test/resources/chart/everything.golden.yaml"));

    private static final Map<String, Consumer<Installation>> RULES = Map.ofEntries(
            entry("dangling-service", LinterRulesTest::servicesLeadSomewhere),
            entry("deprecated-service-account-field", pods(PodSpec::getServiceAccount, Objects::isNull)),
            // Both rules name directories of the host; there is none at all.
            entry(
                    "docker-sock, sensitive-host-mounts",
                    pods(
                            PodSpec::getVolumes,
                            volumes -> volumes.stream().allMatch(volume -> volume.getHostPath() == null))),
            entry("drop-net-raw-capability", containers(container -> {
                var capabilities = container.getSecurityContext().getCapabilities();
                return capabilities.getDrop().contains("ALL")
                        && capabilities.getAdd().isEmpty();
            })),
            entry(
                    "duplicate-env-var",
                    containers(container -> container.getEnv().stream()
                                    .map(EnvVar::getName)
                                    .distinct()
                                    .count()
                            == container.getEnv().size())),
            entry(
                    "env-var-secret",
                    containers(container -> container.getEnv().stream()
                            // Names of Secrets, and no secret.
                            .filter(variable -> !variable.getName().equals(PULL_SECRETS))
                            .noneMatch(variable ->
                                    variable.getName().toLowerCase(Locale.ROOT).contains("secret")
                                            && variable.getValue() != null))),
            // Not on by default; kept to all the same.
            entry(
                    "read-secret-from-env-var",
                    containers(container -> container.getEnv().stream()
                            .noneMatch(variable -> variable.getValueFrom() != null
                                    && variable.getValueFrom().getSecretKeyRef() != null))),
            entry("host-ipc", pods(PodSpec::getHostIPC, LinterRulesTest::isOff)),
            entry("host-network", pods(PodSpec::getHostNetwork, LinterRulesTest::isOff)),
            entry("host-pid", pods(PodSpec::getHostPID, LinterRulesTest::isOff)),
            entry("invalid-target-ports", LinterRulesTest::portsHaveGoodNames),
            entry(
                    "latest-tag",
                    containers(container -> container.getImage().matches(".*(@sha256:[a-f0-9]{64}|:[^/:@]+)")
                            && !container.getImage().endsWith(":latest"))),
            entry("liveness-port", containers(container -> isServed(container, container.getLivenessProbe()))),
            entry("readiness-port", containers(container -> isServed(container, container.getReadinessProbe()))),
            entry("startup-port", containers(container -> isServed(container, container.getStartupProbe()))),
            entry("mismatching-selector", LinterRulesTest::selectsItsOwnPods),
            entry("no-anti-affinity (waived)", LinterRulesTest::replicasAreSpread),
            entry(
                    "no-extensions-v1beta",
                    installation -> assertThat(installation.items())
                            .noneMatch(item -> item.getApiVersion().startsWith("extensions/v1beta"))),
            entry(
                    "no-read-only-root-fs",
                    containers(container ->
                            Boolean.TRUE.equals(container.getSecurityContext().getReadOnlyRootFilesystem()))),
            entry("non-existent-service-account", LinterRulesTest::accountsAreThere),
            entry("pdb-max-unavailable, pdb-min-available", LinterRulesTest::aPodMayGo),
            entry(
                    "pdb-unhealthy-pod-eviction-policy",
                    installation -> assertThat(installation.all(PodDisruptionBudget.class))
                            .allSatisfy(budget -> assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy())
                                    .isNotNull())),
            entry(
                    "privilege-escalation-container",
                    containers(container ->
                            Boolean.FALSE.equals(container.getSecurityContext().getAllowPrivilegeEscalation()))),
            entry(
                    "privileged-container",
                    containers(container -> isOff(container.getSecurityContext().getPrivileged()))),
            entry(
                    "run-as-non-root",
                    pods(
                            PodSpec::getSecurityContext,
                            context -> Boolean.TRUE.equals(context.getRunAsNonRoot()) && context.getRunAsUser() > 0)),
            entry(
                    "ssh-port",
                    containers(container ->
                            container.getPorts().stream().noneMatch(port -> port.getContainerPort() == SSH))),
            entry(
                    "unsafe-sysctls",
                    pods(
                            PodSpec::getSecurityContext,
                            context -> context.getSysctls().isEmpty())),
            entry(
                    "unset-cpu-requirements",
                    containers(
                            container -> container.getResources().getRequests().containsKey("cpu"))),
            entry(
                    "unset-memory-requirements",
                    containers(
                            container -> container.getResources().getRequests().containsKey("memory")
                                    && container.getResources().getLimits().containsKey("memory"))));

    static List<Arguments> rulesOfInstallations() {
        var all = new ArrayList<Arguments>();
        INSTALLATIONS.forEach((name, installation) ->
                RULES.forEach((rule, check) -> all.add(arguments(name, rule, installation, check))));
        return all;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rulesOfInstallations")
    void isKept(String name, String rule, Installation installation, Consumer<Installation> check) {
        assertThat(installation.containers()).as("containers of " + name).isNotEmpty();
        check.accept(installation);
    }

    @Test
    void moreThanOneReplicaRunsUnlessLessIsAskedFor() {
        assertThat(ShippedManifests.operator().getSpec().getReplicas()).isGreaterThan(1);
    }

    private static <V> Consumer<Installation> pods(Function<PodSpec, V> field, Predicate<V> isGood) {
        return installation -> assertThat(installation.pods())
                .allSatisfy(pod -> assertThat(field.apply(pod)).matches(isGood));
    }

    private static Consumer<Installation> containers(Predicate<Container> isGood) {
        return installation -> assertThat(installation.containers()).allMatch(isGood);
    }

    private static boolean isOff(Boolean field) {
        return !Boolean.TRUE.equals(field);
    }

    private static void servicesLeadSomewhere(Installation installation) {
        assertThat(installation.all(Service.class))
                .allSatisfy(service -> assertThat(installation.all(Deployment.class))
                        .anyMatch(deployment -> deployment
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels()
                                .entrySet()
                                .containsAll(service.getSpec().getSelector().entrySet())));
    }

    private static void portsHaveGoodNames(Installation installation) {
        var names = installation.containers().stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName)
                .toList();
        assertThat(names).allMatch(name -> name.matches(PORT_NAME));
        assertThat(installation.all(Service.class))
                .flatExtracting(service -> service.getSpec().getPorts())
                .allSatisfy(
                        port -> assertThat(names).contains(port.getTargetPort().getStrVal()));
    }

    private static boolean isServed(Container container, Probe probe) {
        return probe != null
                && probe.getHttpGet() != null
                && container.getPorts().stream()
                        .anyMatch(port -> new IntOrString(port.getName())
                                        .equals(probe.getHttpGet().getPort())
                                || new IntOrString(port.getContainerPort())
                                        .equals(probe.getHttpGet().getPort()));
    }

    private static void selectsItsOwnPods(Installation installation) {
        assertThat(installation.all(Deployment.class))
                .allSatisfy(deployment -> assertThat(
                                deployment.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels()));
    }

    private static void replicasAreSpread(Installation installation) {
        assertThat(installation.all(Deployment.class))
                .filteredOn(deployment -> deployment.getSpec().getReplicas() > 1)
                .allSatisfy(deployment -> assertThat(
                                deployment.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
                        .extracting(TopologySpreadConstraint::getTopologyKey)
                        .contains("kubernetes.io/hostname"));
    }

    private static void accountsAreThere(Installation installation) {
        assertThat(installation.all(Deployment.class))
                .allSatisfy(deployment -> assertThat(installation.all(ServiceAccount.class))
                        .anyMatch(account -> account.getMetadata()
                                        .getName()
                                        .equals(deployment
                                                .getSpec()
                                                .getTemplate()
                                                .getSpec()
                                                .getServiceAccountName())
                                && Objects.equals(
                                        account.getMetadata().getNamespace(),
                                        deployment.getMetadata().getNamespace())));
    }

    private static void aPodMayGo(Installation installation) {
        assertThat(installation.all(PodDisruptionBudget.class)).allSatisfy(budget -> {
            assertThat(budget.getSpec().getMinAvailable()).isNull();
            assertThat(budget.getSpec().getMaxUnavailable()).isEqualTo(new IntOrString(1));
        });
    }
}
