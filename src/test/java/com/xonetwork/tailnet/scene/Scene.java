package com.xonetwork.tailnet.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.kube.SecretData;
import com.xonetwork.tailnet.simulator.CallLedger;
import com.xonetwork.tailnet.simulator.Profile;
import com.xonetwork.tailnet.simulator.SimulatorOptions;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import com.xonetwork.tailnet.testing.FreePort;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionFactory;

/** One test's world: a namespace, and a simulated control plane whose credentials are in the Secret {@link #SECRET}. */
public final class Scene implements AutoCloseable {

    /** Holds the credentials that {@link #tailnet} refers to. */
    public static final String SECRET = "tailscale-api";
    /** What each poll does, as the ledger names it. */
    public static final String LIST = "listTailnetDevices";
    /** How long to wait for what must happen: far longer than it takes, because machines are busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ClusterUnderTest cluster;
    private final OperatorUnderTest operator;
    private final List<TailnetSimulator> simulators = new ArrayList<>();
    private final String clientId = "k" + UUID.randomUUID().toString().replace("-", "") + "CNTRL";
    private final String clientSecret = "tskey-client-" + UUID.randomUUID();

    Scene(ClusterUnderTest cluster, OperatorUnderTest operator) {
        this.cluster = cluster;
        this.operator = operator;
        addSimulator();
        secret(SECRET, Map.of("client_id", clientId, "client_secret", clientSecret));
    }

    /** Another tenant of the same operator, with a namespace and control plane of its own. Whoever asks for it closes it. */
    public Scene neighbour() {
        return new Scene(cluster.neighbour(), operator);
    }

    /** What a Secret holds under a key. */
    public String secretText(String name, String key) {
        return SecretData.text(get(Secret.class, name).getData(), key);
    }

    /** The control plane. */
    public TailnetSimulator simulator() {
        return simulators.getFirst();
    }

    /** A further control plane that takes the same credentials. */
    public TailnetSimulator addSimulator() {
        return addSimulator(Clock.systemUTC());
    }

    /** One whose clock is another. */
    public TailnetSimulator addSimulator(Clock clock) {
        return addSimulator(Profile.SAAS, clock);
    }

    /** Another kind of control plane. */
    public TailnetSimulator addSimulator(Profile profile, Clock clock) {
        var simulator = new TailnetSimulator(SimulatorOptions.defaults()
                        .withProfile(profile)
                        .withClock(clock)
                        .withPort(FreePort.find()))
                .start();
        simulators.add(simulator);
        simulator.addOAuthClient(clientId, clientSecret, "all");
        return simulator;
    }

    public CallLedger ledger() {
        return simulator().ledger();
    }

    public ClusterUnderTest cluster() {
        return cluster;
    }

    public NamespacedKubernetesClient client() {
        return cluster.client();
    }

    public OperatorUnderTest operator() {
        return operator;
    }

    public String clientId() {
        return clientId;
    }

    public String clientSecret() {
        return clientSecret;
    }

    // What users write

    /** Applies YAML as a user would, server-side, into this namespace. */
    public void apply(String yaml) {
        client().load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(item -> whateverOthersWrite(() -> client().resource(item)
                        .inNamespace(cluster.namespace())
                        .fieldManager("user")
                        .forceConflicts()
                        .serverSideApply()));
    }

    /** Changes what the operator, or another, may write at the same time. Does not say that its status follows. */
    public <R extends HasMetadata> void change(Class<R> kind, String name, UnaryOperator<R> change) {
        whateverOthersWrite(() -> client().resources(kind).withName(name).edit(change));
    }

    /** Changes a status as {@link #change} does the rest of a resource. */
    public <R extends HasMetadata> void changeStatus(Class<R> kind, String name, UnaryOperator<R> change) {
        whateverOthersWrite(() -> client().resources(kind).withName(name).editStatus(change));
    }

    /** Labels what the operator may write at the same time. Other labels of it stay. */
    public <R extends HasMetadata> void label(Class<R> kind, String name, String key, String value) {
        change(kind, name, there -> {
            var labels =
                    new HashMap<>(Objects.requireNonNullElse(there.getMetadata().getLabels(), Map.of()));
            labels.put(key, value);
            there.getMetadata().setLabels(labels);
            return there;
        });
    }

    /**
     * Reads, changes and writes again for as long as the API server says that what was read has changed meanwhile. Any other
     * refusal is thrown at once.
     */
    static void whateverOthersWrite(Runnable write) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInSameThread().until(() -> {
            try {
                write.run();
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                    return false;
                }
                throw e;
            }
        });
    }

    public void secret(String name, Map<String, String> data) {
        client().resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withStringData(data)
                        .build())
                .inNamespace(cluster.namespace())
                .createOr(item -> item.update());
    }

    /** A Tailnet at {@link #simulator} that is polled every second. @param spec further lines of its spec, as YAML */
    public void tailnet(String name, String spec) {
        tailnetAt(simulator().url(), name, spec);
    }

    public void tailnetAt(String url, String name, String spec) {
        resource("Tailnet", name, """
                tailscale:
                  url: "%s"
                  credentials:
                    secretRef:
                      name: %s
                pollInterval: 1s
                """.formatted(url, SECRET) + spec);
    }

    /** A Tailnet at a real Headscale that is polled every second. */
    public void headscale(String name, TailnetUnderTest tailnet) {
        headscale(name, tailnet, "");
    }

    /** @param spec further lines of its spec, as YAML */
    public void headscale(String name, TailnetUnderTest tailnet, String spec) {
        secret("headscale", Map.of("api_key", tailnet.apiKey()));
        client().resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("headscale-ca")
                        .endMetadata()
                        .addToData("ca.crt", tailnet.caPem())
                        .build())
                .inNamespace(cluster.namespace())
                .create();
        resource("Tailnet", name, """
                headscale:
                  url: %s
                  credentials: {secretRef: {name: headscale}}
                  caBundle: {configMapRef: {name: headscale-ca, key: ca.crt}}
                pollInterval: 1s
                """.formatted(tailnet.url()) + spec);
    }

    /** A TailnetNode of the Tailnet {@code home}. */
    public void node(String name, String spec) {
        resource("TailnetNode", name, "tailnetRef: {name: home}\n" + spec);
    }

    public void nodeClass(String name, String spec) {
        resource("NodeClass", name, spec);
    }

    /** An AclPolicy of the Tailnet {@code home}. */
    public void policy(String name, String spec) {
        resource("AclPolicy", name, "tailnetRef: {name: home}\n" + spec);
    }

    /** A SubnetRoute of the Tailnet {@code home}. */
    public void route(String name, String spec) {
        resource("SubnetRoute", name, "tailnetRef: {name: home}\n" + spec);
    }

    /** An ExitNode of the Tailnet {@code home}. */
    public void exitNode(String name, String spec) {
        resource("ExitNode", name, "tailnetRef: {name: home}\n" + spec);
    }

    /** A HealPolicy of the Tailnet {@code home}. */
    public void healPolicy(String name, String spec) {
        resource("HealPolicy", name, "tailnetRef: {name: home}\n" + spec);
    }

    /** An AutomationTemplate that changes nothing. */
    public void pingTemplate(String name) {
        resource("AutomationTemplate", name, """
                engine: ansible
                source: {builtin: xo.tailnet.ping}
                ssh: {keySecretRef: {name: ssh, key: id}}
                targets: {override: true}
                """);
    }

    private void resource(String kind, String name, String spec) {
        apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: %s
                metadata:
                  name: %s
                spec:
                """.formatted(kind, name) + spec.indent(2));
    }

    public <R extends HasMetadata> void delete(Class<R> kind, String name) {
        client().resources(kind).withName(name).delete();
    }

    // What users see

    public <R extends HasMetadata> Optional<R> find(Class<R> kind, String name) {
        return Optional.ofNullable(client().resources(kind).withName(name).get());
    }

    public <R extends HasMetadata> R get(Class<R> kind, String name) {
        return find(kind, name).orElseThrow();
    }

    public <R extends HasMetadata> List<R> list(Class<R> kind) {
        return client().resources(kind).list().getItems();
    }

    /** Empty as long as it has no such condition. */
    public <R extends HasMetadata> Optional<Condition> condition(Class<R> kind, String name, String type) {
        return find(kind, name).stream()
                .flatMap(resource -> conditions(resource).stream())
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** None where it has no status, or its kind has no conditions. */
    public List<Condition> conditions(HasMetadata resource) {
        return resource instanceof CustomResource<?, ?> custom && custom.getStatus() instanceof ConditionedStatus status
                ? status.conditions()
                : List.of();
    }

    /** Waits until a condition has this status and reason for the present generation, and returns it. */
    public <R extends HasMetadata> Condition awaitCondition(
            Class<R> kind, String name, String type, String status, String reason) {
        return awaitCondition(kind, name, type, status, reason, "");
    }

    /**
     * Like the other.
     *
     * @param words of its message: there are reasons of several causes, of which a busy machine may meet another first
     */
    public <R extends HasMetadata> Condition awaitCondition(
            Class<R> kind, String name, String type, String status, String reason, String words) {
        var told = new AtomicReference<Condition>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            var resource = find(kind, name).orElse(null);
            assertThat(resource).as("%s %s", kind.getSimpleName(), name).isNotNull();
            var seen = conditions(resource).stream()
                    .filter(condition -> condition.type().equals(type))
                    .findFirst()
                    .orElse(null);
            assertThat(seen).as("%s of %s %s", type, kind.getSimpleName(), name).isNotNull();
            assertThat(seen.status() + " " + seen.reason() + " (" + seen.message() + ")")
                    .as("%s of %s %s", type, kind.getSimpleName(), name)
                    .startsWith(status + " " + reason + " ")
                    .contains(words);
            assertThat(seen.observedGeneration())
                    .isEqualTo(resource.getMetadata().getGeneration());
            told.set(seen);
        });
        return told.get();
    }

    public <R extends HasMetadata> void awaitReady(Class<R> kind, String name) {
        awaitCondition(kind, name, "Ready", "True", "Ready");
    }

    /** Waits until a condition is true, for what takes longer than anything of this process: pods, machines. */
    public <R extends HasMetadata> void awaitTrue(Class<R> kind, String name, String type, Duration limit) {
        await().atMost(limit)
                .untilAsserted(() -> assertThat(condition(kind, name, type))
                        .hasValueSatisfying(condition -> assertThat(condition.status())
                                .as(condition.message())
                                .isEqualTo("True")));
    }

    /** Waits for anything else that must happen. A status that is asked before it is there has not happened yet either. */
    public ConditionFactory soon() {
        return await().atMost(PATIENCE)
                .ignoreExceptionsMatching(
                        e -> e instanceof NullPointerException || e instanceof NoSuchElementException);
    }

    /** Lets so many polls of {@link #simulator} go by: the time over which nothing else must happen. */
    public void letPollsGoBy(int polls) {
        letPollsGoBy(simulator(), polls);
    }

    public void letPollsGoBy(TailnetSimulator at, int polls) {
        // The poll under way may have been answered already; and what the last poll brought must have its effect.
        var mark = at.ledger().mark();
        await().atMost(PATIENCE.plusSeconds(3L * polls)).until(() -> at.ledger().countSince(mark, LIST) > polls);
    }

    /** Events about the resource of this name, in no order. */
    public List<Event> events(String about) {
        return client().v1().events().list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(about))
                .toList();
    }

    public List<String> eventReasons(String about) {
        return events(about).stream().map(Event::getReason).toList();
    }

    /** Ends the world. The Tailnets go first: they would import their devices anew. */
    @Override
    public void close() {
        client().resources(Tailnet.class).delete();
        cluster.close();
        simulators.forEach(TailnetSimulator::close);
    }
}
