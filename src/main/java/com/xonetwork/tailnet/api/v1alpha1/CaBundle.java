package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a private certificate authority is kept. */
@ValidationRule(
        value = "has(self.configMapRef) != has(self.secretRef)",
        message = "caBundle needs exactly one of configMapRef and secretRef")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CaBundle(
        @JsonPropertyDescription("Key of a ConfigMap that holds the PEM certificates.") @Nullable
        KeyRef configMapRef,

        @JsonPropertyDescription("Key of a Secret that holds the PEM certificates.") @Nullable
        KeyRef secretRef) {}
