package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.CaBundle;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleCredentials;
import com.xonetwork.tailnet.api.v1alpha1.WorkloadIdentity;
import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings.Api;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Tailnet's spec, its Secrets and its CA bundle into connection settings and webhook secrets. Reads them by name, each
 * time anew: nothing of a Secret is cached but what is made from it.
 */
@Singleton
final class ConnectionResolver {

    private static final String CLIENT_ID = "client_id";
    private static final String CLIENT_SECRET = "client_secret";
    private static final String API_KEY = "api_key";
    /** What a federated identity expects unless it was told otherwise; see {@link WorkloadIdentity} why it is not a field. */
    private static final String AUDIENCE_PREFIX = "api.tailscale.com/";

    private final KubernetesClient kubernetes;

    ConnectionResolver(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Why no connection can be made: something a user has to put right. */
    static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;
        private final Reason reason;

        Unresolved(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }

    ControlPlaneSettings resolve(Tailnet tailnet) throws Unresolved {
        return explained(() -> read(tailnet));
    }

    /** The secret under one reference of {@code spec.webhook}. */
    String webhookSecret(Tailnet tailnet, KeyRef reference) throws Unresolved {
        var namespace = tailnet.getMetadata().getNamespace();
        return explained(() ->
                required(secret(namespace, reference.name(), "a webhook's secret"), reference.name(), reference.key()));
    }

    private interface Reading<T> {
        T read() throws Unresolved;
    }

    private static <T> T explained(Reading<T> reading) throws Unresolved {
        try {
            return reading.read();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            throw new Unresolved(
                    Reason.SECRET_NOT_FOUND,
                    "the operator's account may not read the Secret, or the CA bundle, that this Tailnet names: give it the"
                            + " right to get secrets and configmaps in this namespace");
        }
    }

    private ControlPlaneSettings read(Tailnet tailnet) throws Unresolved {
        var spec = tailnet.getSpec();
        var namespace = tailnet.getMetadata().getNamespace();
        var budget =
                new CallBudget(spec.callBudget().perSecond(), spec.callBudget().burst());
        if (spec.tailscale() != null) {
            var tailscale = spec.tailscale();
            return new ControlPlaneSettings(
                    Api.TAILSCALE_V2,
                    url(tailscale.url()),
                    tailscale.tailnet(),
                    tailscaleCredentials(namespace, tailscale.credentials()),
                    ca(namespace, tailscale.caBundle()),
                    budget);
        }
        var headscale = spec.headscale();
        if (headscale == null) {
            throw new Unresolved(Reason.INVALID, "exactly one of tailscale and headscale must be given");
        }
        var secretName = headscale.credentials().secretRef().name();
        return new ControlPlaneSettings(
                Api.HEADSCALE_V1,
                url(headscale.url()),
                "-",
                new Credentials.ApiKey(
                        required(secret(namespace, secretName, "the key " + API_KEY), secretName, API_KEY)),
                ca(namespace, headscale.caBundle()),
                budget);
    }

    /** Without the slash at the end, so that two ways to write one place are one place. */
    static URI url(String url) throws Unresolved {
        try {
            return new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (URISyntaxException e) {
            throw new Unresolved(Reason.URL_REFUSED, "the control plane's URL cannot be read: " + e.getReason());
        }
    }

    private Credentials tailscaleCredentials(String namespace, TailscaleCredentials credentials) throws Unresolved {
        var identity = credentials.workloadIdentity();
        var secretRef = credentials.secretRef();
        if ((identity == null) == (secretRef == null)) {
            throw new Unresolved(Reason.INVALID, "credentials need exactly one of secretRef and workloadIdentity");
        }
        return identity == null
                ? fromSecret(namespace, Objects.requireNonNull(secretRef).name())
                : federated(namespace, identity);
    }

    /** Makes no token yet: whether one can be had shows with the first call, and again with every renewal. */
    private Credentials federated(String namespace, WorkloadIdentity identity) {
        return new Credentials.WorkloadIdentity(
                identity.clientId(),
                new ServiceAccountTokens(
                        kubernetes,
                        namespace,
                        identity.serviceAccountRef().name(),
                        AUDIENCE_PREFIX + identity.clientId()));
    }

    private Credentials fromSecret(String namespace, String secretName) throws Unresolved {
        var data = secret(namespace, secretName, "the keys client_id and client_secret, or api_key");
        if (data.containsKey(API_KEY) && !data.containsKey(CLIENT_SECRET)) {
            return new Credentials.ApiKey(required(data, secretName, API_KEY));
        }
        if (!data.containsKey(CLIENT_ID) && !data.containsKey(CLIENT_SECRET)) {
            throw new Unresolved(
                    Reason.SECRET_KEY_MISSING,
                    "Secret " + secretName + " needs the keys client_id and client_secret (OAuth client), or api_key");
        }
        return new Credentials.OAuthClient(
                required(data, secretName, CLIENT_ID), required(data, secretName, CLIENT_SECRET));
    }

    private Map<String, String> secret(String namespace, String name, String content) throws Unresolved {
        var secret = kubernetes.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            throw new Unresolved(
                    Reason.SECRET_NOT_FOUND,
                    "there is no Secret " + name + " in this namespace: create it with " + content);
        }
        return secret.getData() == null ? Map.of() : secret.getData();
    }

    private static String required(Map<String, String> data, String secretName, String key) throws Unresolved {
        // A line end at the end is how keys come out of files; no credential has one.
        var value = decoded(data.get(key)).map(String::strip).orElse("");
        if (value.isEmpty()) {
            throw new Unresolved(Reason.SECRET_KEY_MISSING, "Secret " + secretName + " needs the key " + key);
        }
        return value;
    }

    private @Nullable String ca(String namespace, @Nullable CaBundle bundle) throws Unresolved {
        if (bundle == null) {
            return null;
        }
        var reference = bundle.configMapRef() != null ? bundle.configMapRef() : bundle.secretRef();
        if (reference == null) {
            throw new Unresolved(Reason.INVALID, "caBundle needs exactly one of configMapRef and secretRef");
        }
        var kind = bundle.configMapRef() != null ? "ConfigMap" : "Secret";
        return caText(namespace, reference, bundle.configMapRef() != null)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new Unresolved(
                        Reason.CA_BUNDLE_NOT_FOUND,
                        "there is no " + kind + " " + reference.name() + " with the key " + reference.key()
                                + " in this namespace"));
    }

    private Optional<String> caText(String namespace, KeyRef reference, boolean inConfigMap) {
        if (inConfigMap) {
            return Optional.ofNullable(kubernetes
                            .configMaps()
                            .inNamespace(namespace)
                            .withName(reference.name())
                            .get())
                    .map(configMap -> configMap.getData())
                    .map(data -> data.get(reference.key()));
        }
        return Optional.ofNullable(kubernetes
                        .secrets()
                        .inNamespace(namespace)
                        .withName(reference.name())
                        .get())
                .map(secret -> secret.getData())
                .flatMap(data -> decoded(data.get(reference.key())));
    }

    private static Optional<String> decoded(@Nullable String base64) {
        return Optional.ofNullable(base64)
                .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    }
}
