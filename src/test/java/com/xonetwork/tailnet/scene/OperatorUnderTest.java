package com.xonetwork.tailnet.scene;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.NodeUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.ShippedManifests;
import com.xonetwork.tailnet.testbed.TestFiles;
import com.xonetwork.tailnet.testing.FreePort;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The one operator of this JVM, under a ServiceAccount of its own with the rights that it has in a cluster and no others. Its
 * calls are told apart from the tests' in the audit log by its user name.
 */
public final class OperatorUnderTest implements AutoCloseable {

    /** The only host that plain http is allowed to. */
    public static final String PLAIN_HTTP_HOST = "127.0.0.1";
    /** Polls that must agree before a list that lost most devices is believed. */
    public static final int SUSPECT_POLLS = 20;

    private static final String NAMESPACE = "xo-tailnet-operator";
    /** What a user gives it beyond: tokens of an account for workload identity. */
    private static final Path FURTHER_RIGHTS = Path.of("src/test/resources/operator-rbac.yaml");

    private static final String ACCOUNT = "xo-tailnet-operator";
    /** Whom the API server sees when it calls. */
    public static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + ACCOUNT;

    /** Longer than all tests take on the slowest machine. */
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private static final Duration ADMISSION_LIMIT = Duration.ofSeconds(60);
    private static final int WEBHOOK_PORT = FreePort.find();
    private static final int RUNNER_PORT = FreePort.find();
    /** The same after a restart: machines are told of it before. */
    private static final int API_PORT = FreePort.find();
    /**
     * Calls give up soon, so that with a poll interval of 1 s a list is stale after 9 s: not sooner, or a machine that stands still
     * for some seconds would make every list stale.
     */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("TAILNET_OPERATOR_CONTROL_PLANE_PLAIN_HTTP_HOSTS", PLAIN_HTTP_HOST),
            Map.entry("TAILNET_OPERATOR_CONTROL_PLANE_CONNECT_TIMEOUT", "2S"),
            Map.entry("TAILNET_OPERATOR_CONTROL_PLANE_CALL_TIMEOUT", "6S"),
            Map.entry("TAILNET_OPERATOR_SNAPSHOT_SUSPECT_POLLS", String.valueOf(SUSPECT_POLLS)),
            Map.entry("TAILNET_OPERATOR_WEBHOOKS_HOST", "127.0.0.1"),
            Map.entry("TAILNET_OPERATOR_WEBHOOKS_PORT", String.valueOf(WEBHOOK_PORT)),
            Map.entry("QUARKUS_HTTP_PORT", String.valueOf(API_PORT)),
            Map.entry("TAILNET_OPERATOR_BOOTSTRAP_URL", "http://127.0.0.1:" + API_PORT),
            Map.entry("TAILNET_OPERATOR_RUNS_HOST", "127.0.0.1"),
            Map.entry("TAILNET_OPERATOR_RUNS_PORT", String.valueOf(RUNNER_PORT)),
            Map.entry("TAILNET_OPERATOR_RUNS_CALLBACK_URL", "http://127.0.0.1:" + RUNNER_PORT),
            Map.entry(
                    "TAILNET_OPERATOR_RUNS_DIRECTORY",
                    TestFiles.directory().resolve("runs").toString()));

    private final Path kubeconfig;
    private final Map<String, String> settings;
    private final Optional<Path> auditLog;
    private final CopyOnWriteArrayList<OperatorProcess> processes = new CopyOnWriteArrayList<>();

    private OperatorUnderTest(Path kubeconfig, Map<String, String> more, Optional<Path> auditLog) {
        this.kubeconfig = kubeconfig;
        this.auditLog = auditLog;
        this.settings = new HashMap<>(SETTINGS);
        this.settings.putAll(more);
        processes.add(OperatorProcess.start(kubeconfig, settings));
    }

    /** Pods and machines outside the cluster reach it where the node has its address. */
    private static Map<String, String> atNode(NodeUnderTest node) {
        return Map.of(
                "TAILNET_OPERATOR_CONTROL_PLANE_PLAIN_HTTP_HOSTS",
                PLAIN_HTTP_HOST + "," + node.hostAddress(),
                "QUARKUS_HTTP_HOST",
                node.hostAddress(),
                "TAILNET_OPERATOR_BOOTSTRAP_URL",
                "http://" + node.hostAddress() + ":" + API_PORT,
                "TAILNET_OPERATOR_RUNS_HOST",
                node.hostAddress(),
                "TAILNET_OPERATOR_RUNS_CALLBACK_URL",
                "http://" + node.hostAddress() + ":" + RUNNER_PORT,
                "TAILNET_OPERATOR_RUNS_IMAGE",
                NodeUnderTest.RUNNER_IMAGE);
    }

    static OperatorUnderTest start(ClusterUnderTest cluster) {
        var client = cluster.client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        Stream.of(ShippedManifests.RIGHTS, ShippedManifests.ROLES, FURTHER_RIGHTS)
                .forEach(rights -> apply(client, rights));
        installAdmission(client);
        try {
            return new OperatorUnderTest(
                    kubeconfig(cluster, token(client)),
                    cluster.node().map(OperatorUnderTest::atNode).orElse(Map.of()),
                    cluster.auditLog());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void apply(KubernetesClient client, Path manifests) {
        ShippedManifests.in(manifests)
                .forEach(item -> client.resource(item)
                        .inNamespace(NAMESPACE)
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Its admission policies, which hold from now on. */
    public static void installAdmission(KubernetesClient client) {
        apply(client, ShippedManifests.ADMISSION);
        awaitAdmission(client);
    }

    /** Takes its admission policies away: another operator is to serve these namespaces, and they are for one account. */
    public static void removeAdmission(KubernetesClient client) {
        ShippedManifests.in(ShippedManifests.ADMISSION)
                .forEach(item -> client.resource(item).delete());
    }

    /** The API server takes policies up some time after it has stored them. */
    private static void awaitAdmission(KubernetesClient client) {
        var forged = """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: forged, namespace: %s, labels: {tailnet.xo-network.com/machine-run: "true"}}
                spec: {templateRef: {name: none}, targets: {nodes: [{name: none}]}}
                """.formatted(NAMESPACE);
        Awaitility.await().atMost(ADMISSION_LIMIT).until(() -> {
            try {
                client.resource(forged).dryRun().create();
                return false;
            } catch (KubernetesClientException e) {
                return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
            }
        });
    }

    private static String token(KubernetesClient client) {
        return client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(ACCOUNT)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private static Path kubeconfig(ClusterUnderTest cluster, String token) throws IOException {
        var admin = Config.fromKubeconfig(cluster.kubeconfig().toFile());
        var file = TestFiles.directory().resolve("operator.kubeconfig");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: operator
                contexts:
                  - name: operator
                    context: {cluster: testbed, user: operator, namespace: %s}
                clusters:
                  - name: testbed
                    cluster:
                      server: %s
                      certificate-authority-data: %s
                users:
                  - name: operator
                    user: {token: %s}
                """.formatted(NAMESPACE, admin.getMasterUrl(), admin.getCaCertData(), token));
    }

    /** Where it receives webhooks while a Tailnet has some. */
    public URI webhooks(String namespace, String tailnet) {
        return URI.create("http://127.0.0.1:%d/webhooks/%s/%s".formatted(WEBHOOK_PORT, namespace, tailnet));
    }

    /** As the audit log names it. */
    public String user() {
        return USER;
    }

    /** The process that runs now. */
    public OperatorProcess process() {
        return processes.getLast();
    }

    /** Ends it politely and starts another; only for tests that run alone. */
    public void restart() {
        process().stop();
        processes.add(OperatorProcess.start(kubeconfig, settings));
    }

    /** Ends it where it stands, in the middle of whatever it does; only for tests that run alone, which start it again. */
    public void kill() {
        process().kill();
    }

    /** Starts it again as it was in the beginning. */
    public void start() {
        processes.add(OperatorProcess.start(kubeconfig, settings));
    }

    /** Starts it again with other settings. @param settings environment variables that replace the usual ones */
    public void start(Map<String, String> settings) {
        processes.add(OperatorProcess.start(kubeconfig, with(settings)));
    }

    /**
     * Starts another one beside it, on ports of its own, which watches this namespace only; whoever asks for it closes it. The one that
     * all tests share watches the namespace too: this is for tests of what a process does that hangs on no resource.
     */
    public OperatorProcess beside(String namespace, Map<String, String> settings) {
        var all = with(Map.of(
                "QUARKUS_OPERATOR_SDK_NAMESPACES",
                namespace,
                "QUARKUS_HTTP_PORT",
                String.valueOf(FreePort.find()),
                "TAILNET_OPERATOR_WEBHOOKS_PORT",
                String.valueOf(FreePort.find()),
                "TAILNET_OPERATOR_RUNS_PORT",
                String.valueOf(FreePort.find()),
                "TAILNET_OPERATOR_RUNS_DIRECTORY",
                TestFiles.directory().resolve("runs-" + namespace).toString()));
        all.putAll(settings);
        return OperatorProcess.start(kubeconfig, all);
    }

    /** Starts it again with something between it and the API server. @param door takes plain http */
    public void startThrough(URI door, Map<String, String> settings) {
        try {
            var through = kubeconfig.resolveSibling("operator-through.kubeconfig");
            Files.deleteIfExists(through);
            Files.copy(kubeconfig, through, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(
                    through,
                    Files.readString(kubeconfig)
                            .replaceAll("(?m)^(\\s+server: ).*$", "$1" + door)
                            .replaceAll("(?m)^\\s+certificate-authority-data: .*\\R", ""));
            processes.add(OperatorProcess.start(through, with(settings)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HashMap<String, String> with(Map<String, String> settings) {
        var all = new HashMap<>(this.settings);
        all.putAll(settings);
        return all;
    }

    /**
     * Starts one of several replicas and returns at once. It is ended by who started it.
     *
     * @param address of this machine; all replicas listen at the same ports
     */
    public OperatorProcess launchReplica(String name, String address, Map<String, String> more) {
        var settings = with(OperatorProcess.replica(NAMESPACE, name, address));
        settings.putAll(more);
        var replica = OperatorProcess.launch(kubeconfig, settings);
        processes.add(replica);
        return replica;
    }

    /** Where runners report to. */
    public static String runnerUrl() {
        return "http://127.0.0.1:" + RUNNER_PORT;
    }

    /** What makes runners report to the replica at this address. */
    public static Map<String, String> runnersReportTo(String address) {
        return Map.of("TAILNET_OPERATOR_RUNS_CALLBACK_URL", "http://" + address + ":" + RUNNER_PORT);
    }

    /** What every process so far has logged. */
    public String logs() {
        return String.join("", processes.stream().map(OperatorProcess::logs).toList());
    }

    @Override
    public void close() {
        process().close();
        if (!TestFiles.part().isEmpty()) {
            auditLog.ifPresent(log -> UsedRights.write(TestFiles.part(), AuditLog.rightsUsed(log, USER)));
        }
    }
}
