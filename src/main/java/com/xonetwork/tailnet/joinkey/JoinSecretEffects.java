package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.kube.SecretData;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Hands join keys over in Secrets. A Secret is made once and never changed ({@code immutable}), belongs to its holder and goes
 * with it, and is read by name.
 */
@Singleton
public final class JoinSecretEffects implements JoinKeyRecords {

    /** The key itself, as {@code tailscale up --auth-key=file:...} reads it. */
    static final String AUTH_KEY = "authkey";

    private static final String ID = "id";
    private static final String EXPIRES = "expires";
    private static final String TAGS = "tags";
    private static final String PLACE = "tailnet";

    private final KubernetesClient kubernetes;

    public JoinSecretEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * A Secret of the holder's.
     *
     * @throws NameTaken when one of this name is somebody else's
     */
    public static Optional<Secret> own(KubernetesClient kubernetes, JoinKeyHolder holder, String name) {
        var secret = kubernetes
                .secrets()
                .inNamespace(holder.namespace())
                .withName(name)
                .get();
        if (secret != null && !Ownership.isMadeFor(holder.uid(), secret)) {
            throw new NameTaken(name);
        }
        return Optional.ofNullable(secret);
    }

    @Override
    public Optional<JoinKeyRecord> find(JoinKeyHolder holder) {
        return own(kubernetes, holder, holder.secretName()).map(JoinSecretEffects::read);
    }

    /**
     * The key itself, for the machine that it is for.
     *
     * @return empty while there is none that is usable until then
     * @throws NameTaken when the Secret is somebody else's
     */
    public Optional<String> authKey(JoinKeyHolder holder, Instant until) {
        return own(kubernetes, holder, holder.secretName())
                .filter(secret -> read(secret).expires().isAfter(until))
                .map(secret -> text(secret, AUTH_KEY))
                .filter(key -> !key.isEmpty());
    }

    /** One that cannot be read is one that has run out: it is replaced. */
    private static JoinKeyRecord read(Secret secret) {
        var tags = new TreeSet<String>();
        var text = text(secret, TAGS);
        // Secrets from before had commas, which a tag may have too.
        for (var tag : text.split(text.contains("\n") ? "\n" : ",")) {
            if (!tag.isEmpty()) {
                tags.add(tag);
            }
        }
        return new JoinKeyRecord(
                text(secret, ID),
                expires(secret),
                tags,
                secret.getMetadata().getResourceVersion(),
                text(secret, PLACE));
    }

    private static Instant expires(Secret secret) {
        try {
            return Instant.parse(text(secret, EXPIRES));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(Secret secret, String key) {
        return SecretData.text(secret.getData(), key);
    }

    @Override
    public JoinKeyRecord create(JoinKeyHolder holder, JoinKey key, Instant expires, String place) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(holder.secretName())
                .withNamespace(holder.namespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .withOwnerReferences(Ownership.by(holder.owner()))
                .endMetadata()
                .withType("Opaque")
                .withImmutable(true)
                .addToStringData(AUTH_KEY, Objects.requireNonNull(key.secret(), "a new key has a secret"))
                .addToStringData(ID, key.id())
                .addToStringData(EXPIRES, expires.toString())
                .addToStringData(TAGS, String.join("\n", key.tags()) + "\n")
                .addToStringData(PLACE, place)
                .build();
        try {
            var created = kubernetes.resource(secret).create();
            return new JoinKeyRecord(
                    key.id(), expires, key.tags(), created.getMetadata().getResourceVersion(), place);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                throw new NameTaken(holder.secretName());
            }
            // The server's own words may quote the object.
            throw new NotRecorded(e.getCode());
        }
    }

    /** The Secret was not written, as far as is known. Says no more than the HTTP status: there is a key in the request. */
    public static final class NotRecorded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotRecorded(int status) {
            super("the API server refused the Secret with the join key (HTTP status " + status
                    + "): a quota, an admission rule, or the operator's rights");
        }
    }

    @Override
    public void delete(JoinKeyHolder holder, JoinKeyRecord recorded) {
        try {
            kubernetes
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(holder.secretName())
                            .withNamespace(holder.namespace())
                            .endMetadata()
                            .build())
                    .lockResourceVersion(recorded.version())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
