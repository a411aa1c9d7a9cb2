package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.api.v1alpha1.CaBundle;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleControlPlane;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleCredentials;
import com.xonetwork.tailnet.api.v1alpha1.WorkloadIdentity;
import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings.Api;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import com.xonetwork.tailnet.testing.StubApiServer;
import com.xonetwork.tailnet.testing.TestTailnet;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionResolverTest {

    private static final String PEM = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";

    @RegisterExtension
    private final StubApiServer kubernetes = new StubApiServer();

    @Test
    void anOAuthClient() throws Unresolved {
        kubernetes.has(secret(Map.of("client_id", "id", "client_secret", "tskey-client-1")));

        assertThat(resolve(tailnet("home").tailscale("https://api.example.com/", "example.com")))
                .isEqualTo(new ControlPlaneSettings(
                        Api.TAILSCALE_V2,
                        URI.create("https://api.example.com"),
                        "example.com",
                        new Credentials.OAuthClient("id", "tskey-client-1"),
                        null,
                        new CallBudget(5, 10)));
    }

    @Test
    void anApiKeyForTailscale() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "tskey-api-1")));

        assertThat(resolve(tailnet("home")).credentials()).isEqualTo(new Credentials.ApiKey("tskey-api-1"));
    }

    @Test
    void theOAuthClientWhereBothAreGiven() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "a", "client_id", "id", "client_secret", "s")));

        assertThat(resolve(tailnet("home")).credentials()).isEqualTo(new Credentials.OAuthClient("id", "s"));
    }

    @Test
    void anApiKeyForHeadscale() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "hskey")));

        assertThat(resolve(tailnet("home").headscale("https://headscale.example.com")))
                .isEqualTo(new ControlPlaneSettings(
                        Api.HEADSCALE_V1,
                        URI.create("https://headscale.example.com"),
                        "-",
                        new Credentials.ApiKey("hskey"),
                        null,
                        new CallBudget(5, 10)));
    }

    @Test
    void aWorkloadIdentityNeedsNoSecretAndMakesNoTokenYet() throws Unresolved {
        var home = tailnet("home").workloadIdentity("kABC", "tailscale-identity");

        var settings = resolve(home);

        assertThat(settings.credentials()).isInstanceOfSatisfying(Credentials.WorkloadIdentity.class, identity -> {
            assertThat(identity.clientId()).isEqualTo("kABC");
            assertThat(identity.tokens().subject()).isEqualTo("system:serviceaccount:net:tailscale-identity");
            assertThat(identity.tokens().audience()).isEqualTo("api.tailscale.com/kABC");
        });
        assertThat(settings).as("else each reconciliation would connect anew").isEqualTo(resolve(home));
        assertThat(settings.credentials())
                .isNotEqualTo(resolve(home.in("other")).credentials())
                .isNotEqualTo(resolve(tailnet("home").workloadIdentity("kABC", "another"))
                        .credentials());
        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void credentialsOfTwoKindsOrNone() {
        var secret = new LocalRef("creds");
        var identity = new WorkloadIdentity("kABC", secret);
        for (var credentials :
                List.of(new TailscaleCredentials(secret, identity), new TailscaleCredentials(null, null))) {
            var both = tailnet("home").build();
            both.setSpec(new TailnetSpec(
                    new TailscaleControlPlane(null, null, credentials, null),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
            refused(both, Reason.INVALID, "exactly one of secretRef and workloadIdentity");
        }
    }

    @Test
    void aWebhooksSecret() throws Unresolved {
        kubernetes.has(secret(Map.of("webhook", "tskey-webhook-1\n")));

        assertThat(new ConnectionResolver(kubernetes.client())
                        .webhookSecret(tailnet("home").build(), new KeyRef("creds", "webhook")))
                .isEqualTo("tskey-webhook-1");
    }

    /** {@code kubectl create secret --from-file} keeps the line end of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"key\n", "key\r\n", " key "})
    void aLineEndIsNoPartOfAKey(String value) throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", value)));

        assertThat(resolve(tailnet("home")).credentials()).isEqualTo(new Credentials.ApiKey("key"));
    }

    @Test
    void noSecret() {
        refused(tailnet("home").build(), Reason.SECRET_NOT_FOUND, "no Secret creds in this namespace");
    }

    @Test
    void aSecretOfAnotherNamespaceIsNone() {
        kubernetes.has(secret(Map.of("api_key", "k")));

        refused(tailnet("home").in("other").build(), Reason.SECRET_NOT_FOUND, "creds");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id, client_secret",
        "client_secret, client_id",
        "other, client_id and client_secret",
    })
    void aSecretThatLacksAKeySaysWhich(String key, String lacking) {
        kubernetes.has(secret(Map.of(key, "s3cr3t-value")));

        var refusal = refused(tailnet("home").build(), Reason.SECRET_KEY_MISSING, lacking);

        assertThat(refusal).hasMessageContaining("creds").hasMessageNotContaining("s3cr3t-value");
    }

    @Test
    void aSecretWithNothingInIt() {
        kubernetes.has(secret(Map.of()));

        refused(tailnet("home").headscale("https://h.example.com").build(), Reason.SECRET_KEY_MISSING, "api_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  "})
    void anEmptyKeyIsMissing(String value) {
        kubernetes.has(secret(Map.of("api_key", value)));

        refused(tailnet("home").build(), Reason.SECRET_KEY_MISSING, "api_key");
    }

    @Test
    void aUrlThatCannotBeRead() {
        kubernetes.has(secret(Map.of("api_key", "k")));

        refused(tailnet("home").headscale("https://h example").build(), Reason.URL_REFUSED, "URL");
    }

    /** The CRD does not let it through; an older object may still be there. */
    @Test
    void neitherControlPlane() {
        var neither = tailnet("home").build();
        neither.setSpec(new TailnetSpec(null, null, null, null, null, null, null, null, null, null, null));

        refused(neither, Reason.INVALID, "exactly one of tailscale and headscale");
    }

    @Test
    void aPrivateAuthorityFromAConfigMap() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "k")));
        kubernetes.has(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("ca")
                .withNamespace("net")
                .endMetadata()
                .addToData("ca.crt", PEM)
                .build());

        assertThat(resolve(tailnet("home").ca(new CaBundle(new KeyRef("ca", "ca.crt"), null)))
                        .caPem())
                .isEqualTo(PEM);
        refused(
                tailnet("home")
                        .ca(new CaBundle(new KeyRef("ca", "other.crt"), null))
                        .build(),
                Reason.CA_BUNDLE_NOT_FOUND,
                "no ConfigMap ca with the key other.crt");
    }

    @Test
    void aPrivateAuthorityFromASecret() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "k", "ca.crt", PEM, "empty", " ")));

        assertThat(resolve(tailnet("home").headscale("https://h.example.com").ca(inSecret("creds", "ca.crt")))
                        .caPem())
                .isEqualTo(PEM);
        for (var nowhere : new CaBundle[] {inSecret("absent", "ca.crt"), inSecret("creds", "empty")}) {
            refused(
                    tailnet("home").ca(nowhere).build(),
                    Reason.CA_BUNDLE_NOT_FOUND,
                    "no Secret " + nowhere.secretRef().name());
        }
    }

    @Test
    void anAuthorityFromNowhere() {
        kubernetes.has(secret(Map.of("api_key", "k")));

        refused(tailnet("home").ca(new CaBundle(null, null)).build(), Reason.INVALID, "caBundle");
    }

    /** Nothing of it is kept: a changed Secret counts from the next look on. */
    @Test
    void aSecretIsReadEachTimeAndByName() throws Unresolved {
        kubernetes.has(secret(Map.of("api_key", "old")));
        var resolver = new ConnectionResolver(kubernetes.client());
        resolver.resolve(tailnet("home").build());
        kubernetes.has(secret(Map.of("api_key", "new")));

        assertThat(resolver.resolve(tailnet("home").build()).credentials()).isEqualTo(new Credentials.ApiKey("new"));
        assertThat(kubernetes.requests()).hasSize(2).containsOnly("GET /api/v1/namespaces/net/secrets/creds");
    }

    private ControlPlaneSettings resolve(TestTailnet tailnet) throws Unresolved {
        return new ConnectionResolver(kubernetes.client()).resolve(tailnet.build());
    }

    private Unresolved refused(Tailnet tailnet, Reason reason, String message) {
        var refusal = catchThrowableOfType(
                Unresolved.class, () -> new ConnectionResolver(kubernetes.client()).resolve(tailnet));
        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }

    private static CaBundle inSecret(String name, String key) {
        return new CaBundle(null, new KeyRef(name, key));
    }

    private static Secret secret(Map<String, String> data) {
        var encoded = new HashMap<String, String>();
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withNewMetadata()
                .withName("creds")
                .withNamespace("net")
                .endMetadata()
                .withData(encoded)
                .build();
    }
}
