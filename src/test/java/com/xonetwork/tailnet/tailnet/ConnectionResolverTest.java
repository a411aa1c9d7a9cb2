package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.api.v1alpha1.CaBundle;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings.Api;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import com.xonetwork.tailnet.testing.FakeCluster;
import com.xonetwork.tailnet.testing.TestTailnet;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionResolverTest {

    private final FakeCluster cluster = new FakeCluster();
    private final ConnectionResolver resolver = new ConnectionResolver(cluster.client());

    @Test
    void anOauthClient() throws Unresolved {
        cluster.with(secret("creds", Map.of("client_id", "id", "client_secret", "s3cret")));

        var settings = resolver.resolve(tailnet("home").build());

        assertThat(settings.api()).isEqualTo(Api.TAILSCALE_V2);
        assertThat(settings.url()).isEqualTo(URI.create("https://api.tailscale.com"));
        assertThat(settings.tailnet()).isEqualTo("-");
        assertThat(settings.credentials()).isEqualTo(new Credentials.OAuthClient("id", "s3cret"));
        assertThat(settings.caPem()).isNull();
        assertThat(settings.budget().perSecond()).isEqualTo(5);
        assertThat(settings.budget().burst()).isEqualTo(10);
    }

    @Test
    void anApiKeyWithoutTheLineEndOfItsFile() throws Unresolved {
        cluster.with(secret("creds", Map.of("api_key", " k3y\n")));

        assertThat(resolver.resolve(tailnet("home").build()).credentials()).isEqualTo(new Credentials.ApiKey("k3y"));
    }

    @Test
    void theOauthClientGoesBeforeAnApiKey() throws Unresolved {
        cluster.with(secret("creds", Map.of("api_key", "k", "client_id", "id", "client_secret", "s")));

        assertThat(resolver.resolve(tailnet("home").build()).credentials()).isInstanceOf(Credentials.OAuthClient.class);
    }

    @Test
    void headscale() throws Unresolved {
        cluster.with(secret("creds", Map.of("api_key", "k3y")));

        var settings = resolver.resolve(
                tailnet("home").headscale("https://hs.example.com/").build());

        assertThat(settings.api()).isEqualTo(Api.HEADSCALE_V1);
        assertThat(settings.url()).as("one way to write it").isEqualTo(URI.create("https://hs.example.com"));
        assertThat(settings.credentials()).isEqualTo(new Credentials.ApiKey("k3y"));
    }

    @Test
    void noSecret() {
        cluster.with(secretIn("elsewhere", "creds", Map.of("api_key", "k")));

        unresolved(tailnet("home"), Reason.SECRET_NOT_FOUND, "Secret creds");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', '', api_key",
        "id, '', '', client_secret",
        "'', s3cret, '', client_id",
        "'', '', ' ', api_key",
    })
    void keysThatAreMissingOrBlankAreNamed(String id, String secret, String key, String named) {
        var data = Map.of("client_id", id, "client_secret", secret, "api_key", key).entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        cluster.with(secret("creds", data));

        var failure = unresolved(tailnet("home"), Reason.SECRET_KEY_MISSING, named);
        assertThat(failure).hasMessageNotContaining("s3cret");
    }

    @Test
    void aSecretWithoutData() {
        cluster.with(new SecretBuilder()
                .withNewMetadata()
                .withName("creds")
                .withNamespace("net")
                .endMetadata()
                .build());

        unresolved(tailnet("home"), Reason.SECRET_KEY_MISSING, "client_id");
        unresolved(tailnet("home").headscale("https://hs"), Reason.SECRET_KEY_MISSING, "api_key");
    }

    @Test
    void aUrlThatCannotBeRead() {
        cluster.with(secret("creds", Map.of("api_key", "k")));

        unresolved(tailnet("home").headscale("https://hs example.com"), Reason.URL_REFUSED, "URL");
    }

    @Test
    void aPrivateAuthorityFromEither() throws Unresolved {
        cluster.with(
                secret("creds", Map.of("api_key", "k")),
                secret("ca-secret", Map.of("ca.crt", "PEM of the Secret")),
                configMap("ca-map", "ca.crt", "PEM of the ConfigMap"));

        assertThat(resolver.resolve(tailnet("home").ca(inSecret("ca-secret")).build())
                        .caPem())
                .isEqualTo("PEM of the Secret");
        assertThat(resolver.resolve(tailnet("home").ca(inConfigMap("ca-map")).build())
                        .caPem())
                .isEqualTo("PEM of the ConfigMap");
    }

    @Test
    void anAuthorityThatIsMissingIsNeverLeftOut() {
        cluster.with(
                secret("creds", Map.of("api_key", "k")),
                configMap("other-key", "x", "PEM"),
                configMap("blank", "ca.crt", " \n"));

        unresolved(tailnet("home").ca(inSecret("none")), Reason.CA_BUNDLE_NOT_FOUND, "Secret none with the key ca.crt");
        unresolved(tailnet("home").ca(inConfigMap("none")), Reason.CA_BUNDLE_NOT_FOUND, "ConfigMap none");
        unresolved(tailnet("home").ca(inConfigMap("other-key")), Reason.CA_BUNDLE_NOT_FOUND, "ca.crt");
        unresolved(tailnet("home").ca(inConfigMap("blank")), Reason.CA_BUNDLE_NOT_FOUND, "ConfigMap blank");
        unresolved(tailnet("home").ca(new CaBundle(null, null)), Reason.INVALID, "exactly one");
    }

    private Unresolved unresolved(TestTailnet tailnet, Reason reason, String message) {
        var failure = catchThrowableOfType(Unresolved.class, () -> resolver.resolve(tailnet.build()));
        assertThat(failure).isNotNull().hasMessageContaining(message);
        assertThat(failure.reason()).isEqualTo(reason);
        return failure;
    }

    private static CaBundle inSecret(String name) {
        return new CaBundle(null, new KeyRef(name, "ca.crt"));
    }

    private static CaBundle inConfigMap(String name) {
        return new CaBundle(new KeyRef(name, "ca.crt"), null);
    }

    private static Secret secret(String name, Map<String, String> data) {
        return secretIn("net", name, data);
    }

    private static Secret secretIn(String namespace, String name, Map<String, String> data) {
        var encoded = data.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Base64.getEncoder()
                                .encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(encoded)
                .build();
    }

    private static ConfigMap configMap(String name, String key, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("net")
                .endMetadata()
                .addToData(key, value)
                .build();
    }
}
