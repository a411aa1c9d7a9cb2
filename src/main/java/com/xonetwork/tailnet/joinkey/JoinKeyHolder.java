package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The resource that a join key is for. Everything that a key is found by follows from it alone, so that nothing has to be
 * remembered.
 */
public record JoinKeyHolder(HasMetadata owner) {

    private static final String SUFFIX = "-join";
    private static final String CLOUD_INIT_SUFFIX = "-cloud-init";
    private static final int LONGEST_NAME = 253;

    public String uid() {
        return owner.getMetadata().getUid();
    }

    public String namespace() {
        return owner.getMetadata().getNamespace();
    }

    /** On every key that is made for the owner: letters, digits, hyphens and a space, 39 of the 50 characters allowed. */
    public String mark() {
        return "xo " + uid();
    }

    /** Name of the Secret that holds the key. */
    public String secretName() {
        return named(SUFFIX);
    }

    /** Name of the Secret that holds the files for the machine's first boot. */
    public String cloudInitSecretName() {
        return named(CLOUD_INIT_SUFFIX);
    }

    private String named(String suffix) {
        var name = owner.getMetadata().getName();
        if (name.length() + suffix.length() <= LONGEST_NAME) {
            return name + suffix;
        }
        var hash = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        // A part of a name between two dots begins and ends with a letter or a digit.
        var stem = name.substring(0, LONGEST_NAME - suffix.length() - hash.length() - 1)
                .replaceAll("[.-]+$", "");
        return stem + "-" + hash + suffix;
    }

    /** Where the key itself is handed over. */
    public KeyRef keyRef() {
        return new KeyRef(secretName(), JoinSecretEffects.AUTH_KEY);
    }

    @Override
    public String toString() {
        return owner.getKind() + " " + namespace() + "/" + owner.getMetadata().getName();
    }
}
