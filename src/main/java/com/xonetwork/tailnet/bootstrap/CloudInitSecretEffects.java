package com.xonetwork.tailnet.bootstrap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords.NameTaken;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.kube.SecretData;
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
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files for a machine's first boot in the Secret {@code NAME-cloud-init}, which belongs to its TailnetNode and goes
 * with it, and marks there that their token was used. Each write follows the very state that it was decided on.
 */
public final class CloudInitSecretEffects {

    static final String TOKEN = "token";
    /** On the Secret: when its token was used (RFC 3339). */
    static final String USED = ApiGroup.GROUP + "/bootstrap-token-used";

    /** On the Secret: when its token ends (RFC 3339). Of one that an earlier version has made it is as long after the Secret was. */
    static final String EXPIRES = ApiGroup.GROUP + "/bootstrap-token-expires";

    private static final int TOKEN_BYTES = 32;
    private static final int MOST_REMEMBERED = 10_000;
    /** Short: another replica may have written in between. */
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private final KubernetesClient kubernetes;
    private final Duration validity;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** SHA-256 of the token that is good for a node, by its UID; empty for none. */
    private final Cache<String, String> tokens = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    /**
     * What is kept of a machine's files.
     *
     * @param tokenExpires when their token ends, if it was not used
     * @param lookAgain when to look again, if time alone changes what is to be done
     */
    public record Kept(@Nullable Instant tokenExpires, Optional<Duration> lookAgain) {}

    /** @param validity of a token that is not used */
    public CloudInitSecretEffects(KubernetesClient kubernetes, Duration validity, Clock clock) {
        this.kubernetes = kubernetes;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * Sees to it that the files are there, while the machine has not joined.
     *
     * @throws NameTaken when the Secret is somebody else's
     * @throws NotWritten when the API server did not take it
     */
    public Kept keep(JoinKeyHolder holder, CloudInit wish) {
        var recorded = find(holder).orElse(null);
        var now = clock.instant();
        var plan = CloudInitPlanner.plan(wish, recorded, this::token, now);
        if (plan.files() == null || plan.token() == null) {
            return new Kept(recorded == null || recorded.used() != null ? null : recorded.expires(), plan.lookAgain());
        }
        var ends = recorded == null || !plan.token().equals(recorded.token()) ? null : recorded.expires();
        var expires = ends == null ? now.plus(validity).truncatedTo(ChronoUnit.SECONDS) : ends;
        write(holder, plan.files(), plan.token(), recorded, Map.of(EXPIRES, expires.toString()));
        tokens.put(holder.uid(), DigestUtils.sha256Hex(plan.token()));
        return new Kept(expires, Optional.of(plan.lookAgain().orElse(Duration.between(now, expires))));
    }

    /**
     * The files, if this can be their token. What strangers send is compared with what is remembered: it costs no call, but for one
     * in a few seconds for each node that there is.
     *
     * @throws NameTaken when the Secret is somebody else's
     */
    Optional<CloudInitRecord> find(JoinKeyHolder holder, String token) {
        var remembered = tokens.getIfPresent(holder.uid());
        if (remembered != null && !remembered.equals(DigestUtils.sha256Hex(token))) {
            return Optional.empty();
        }
        var found = find(holder);
        tokens.put(
                holder.uid(),
                found.filter(record -> !record.hasEnded(clock.instant()))
                        .map(record -> DigestUtils.sha256Hex(record.token()))
                        .orElse(""));
        return found.filter(record -> !record.hasEnded(clock.instant()));
    }

    private String token() {
        var bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** @throws NameTaken when the Secret is somebody else's */
    Optional<CloudInitRecord> find(JoinKeyHolder holder) {
        return JoinSecretEffects.own(kubernetes, holder, holder.cloudInitSecretName())
                .map(this::read);
    }

    private CloudInitRecord read(Secret secret) {
        var data = secret.getData() == null ? Map.<String, String>of() : secret.getData();
        var files = new HashMap<String, String>();
        data.keySet().forEach(name -> files.put(name, SecretData.text(data, name)));
        files.remove(TOKEN);
        return new CloudInitRecord(
                files,
                SecretData.text(data, TOKEN),
                instant(secret, USED),
                Optional.ofNullable(instant(secret, EXPIRES))
                        .orElseGet(() -> Instant.parse(secret.getMetadata().getCreationTimestamp())
                                .plus(validity)),
                secret.getMetadata().getResourceVersion());
    }

    /** What cannot be read was used, or has ended: nothing is given for it. */
    private static @Nullable Instant instant(Secret secret, String annotation) {
        var annotations = secret.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(annotation);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Marks the token as used. @return false when somebody else wrote in the meantime: then nothing is known */
    boolean use(JoinKeyHolder holder, CloudInitRecord recorded) {
        try {
            write(
                    holder,
                    recorded.files(),
                    recorded.token(),
                    recorded,
                    Map.of(USED, clock.instant().toString()));
            tokens.put(holder.uid(), "");
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
            Map<String, String> annotations) {
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
        secret.getMetadata().setAnnotations(annotations);
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
            super("the API server refused the Secret with the files for cloud-init (HTTP status " + status
                    + "): a quota, an admission rule, or the operator's rights");
            this.status = status;
        }
    }
}
