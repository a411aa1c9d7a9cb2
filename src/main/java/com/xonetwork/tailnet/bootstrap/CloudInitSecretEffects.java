package com.xonetwork.tailnet.bootstrap;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.config.Ownership;
import com.xonetwork.tailnet.config.SecretData;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords.NameTaken;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files for a machine's first boot in the Secret {@code NAME-cloud-init}, which belongs to its TailnetNode and goes
 * with it, and marks there that their token was used. Each write follows the very state that it was decided on.
 */
public final class CloudInitSecretEffects {

    static final String TOKEN = "token";
    /** On the Secret: when its token was used (RFC 3339). */
    static final String USED = ApiGroup.GROUP + "/bootstrap-token-used";

    private static final int TOKEN_BYTES = 32;

    private final KubernetesClient kubernetes;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public CloudInitSecretEffects(KubernetesClient kubernetes, Clock clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    /**
     * Sees to it that the files are there, while the machine has not joined.
     *
     * @return when to look again, if time alone changes what is to be done
     * @throws NameTaken when the Secret is somebody else's
     * @throws NotWritten when the API server did not take it
     */
    public Optional<Duration> keep(JoinKeyHolder holder, CloudInit wish) {
        var recorded = find(holder).orElse(null);
        var plan = CloudInitPlanner.plan(wish, recorded, this::token, clock.instant());
        if (plan.files() != null && plan.token() != null) {
            write(holder, plan.files(), plan.token(), recorded, null);
        }
        return plan.lookAgain();
    }

    private String token() {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** @throws NameTaken when the Secret is somebody else's */
    Optional<CloudInitRecord> find(JoinKeyHolder holder) {
        return JoinSecretEffects.own(kubernetes, holder, holder.cloudInitSecretName())
                .map(CloudInitSecretEffects::read);
    }

    private static CloudInitRecord read(Secret secret) {
        var data = secret.getData() == null ? Map.<String, String>of() : secret.getData();
        var files = new HashMap<String, String>();
        data.keySet().forEach(name -> files.put(name, SecretData.text(data, name)));
        files.remove(TOKEN);
        return new CloudInitRecord(
                files,
                SecretData.text(data, TOKEN),
                used(secret),
                secret.getMetadata().getResourceVersion());
    }

    /** What cannot be read was used: nothing is given for it. */
    private static @Nullable Instant used(Secret secret) {
        var annotations = secret.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(USED);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Marks the token as used. @return false when somebody else wrote in the meantime: then nothing is known */
    boolean use(JoinKeyHolder holder, CloudInitRecord recorded) {
        try {
            write(holder, recorded.files(), recorded.token(), recorded, clock.instant());
            return true;
        } catch (NotWritten e) {
            if (e.status == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private void write(
            JoinKeyHolder holder,
            Map<String, String> files,
            String token,
            @Nullable CloudInitRecord before,
            @Nullable Instant used) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(holder.cloudInitSecretName())
                .withNamespace(holder.namespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .withOwnerReferences(Ownership.by(holder.owner()))
                .endMetadata()
                .withType("Opaque")
                .addToStringData(files)
                .addToStringData(TOKEN, token)
                .build();
        if (used != null) {
            secret.getMetadata().setAnnotations(Map.of(USED, used.toString()));
        }
        try {
            if (before == null) {
                kubernetes.resource(secret).create();
            } else {
                secret.getMetadata().setResourceVersion(before.version());
                kubernetes.resource(secret).update();
            }
        } catch (KubernetesClientException e) {
            // The server's own words may quote the object.
            throw new NotWritten(e.getCode());
        }
    }

    /** The Secret was not written, as far as is known. Says no more than the HTTP status: there is a token in the request. */
    public static final class NotWritten extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        NotWritten(int status) {
            super("the API server did not take the Secret with the files for cloud-init (HTTP status " + status
                    + "): a quota, an admission rule, or the operator's rights");
            this.status = status;
        }
    }
}
