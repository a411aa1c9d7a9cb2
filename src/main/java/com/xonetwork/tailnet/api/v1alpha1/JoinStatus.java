package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A join key that waits for its machine. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JoinStatus(
        @JsonPropertyDescription("Secret that holds the join key, under the key authkey.")
        String secretName,

        @JsonPropertyDescription("ID of the key, as the control plane lists it.")
        String keyId,

        @JsonPropertyDescription(
                "Until when the key can be used (RFC 3339). The operator replaces the key before that.")
        String keyExpires,

        @JsonPropertyDescription(
                "With join.manual: the command to run on the machine, with the key in the file join.key.")
        @Nullable
        String command,

        @JsonPropertyDescription("With join.cloudInit: Secret that holds user-data, meta-data and network-config.")
        @Nullable
        String cloudInitSecretName,

        @JsonPropertyDescription(
                "With join.cloudInit: until when the token in user-data can be used (RFC 3339). After that the operator"
                        + " writes new user-data. Absent after the token was used.")
        @Nullable
        String cloudInitTokenExpires) {

    /** @param tokenExpires null once the token was used */
    public JoinStatus withCloudInit(String name, @Nullable Instant tokenExpires) {
        return new JoinStatus(
                secretName, keyId, keyExpires, command, name, tokenExpires == null ? null : tokenExpires.toString());
    }
}
