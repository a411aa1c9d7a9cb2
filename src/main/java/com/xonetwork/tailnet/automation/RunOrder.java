package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.AttemptKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes {@code run.json}, which tells a runner what to do: version 1 of {@code runners/contract.md}. */
@Pure
final class RunOrder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long IDLE_MARGIN_SECONDS = 30;

    private RunOrder() {}

    /** @param callback base URL of the operator's port for runners */
    static String json(
            AutomationRun run, AttemptKey key, AttemptOrder order, RunInputs inputs, Optional<String> callback) {
        var spec = inputs.template().getSpec();
        var wanted = new HashSet<>(order.hosts());
        var json = new LinkedHashMap<String, Object>();
        json.put("version", 1);
        json.put(
                "run",
                Map.of(
                        "uid", key.runUid(),
                        "name", run.getMetadata().getName(),
                        "namespace", key.namespace(),
                        "attempt", key.attempt()));
        json.put("engine", spec.engine().toString());
        var files = spec.source().configMap();
        json.put(
                "source",
                files == null
                        ? Map.of("builtin", String.valueOf(spec.source().builtin()))
                        : Map.of("entry", files.entry()));
        json.put("parameters", inputs.parameters());
        var secrets = new LinkedHashMap<String, Object>();
        spec.secrets()
                .forEach(secret -> secrets.put(
                        secret.variable(),
                        Map.of(
                                "secret", secret.secretRef().name(),
                                "key", secret.secretRef().key())));
        json.put("secrets", secrets);
        json.put(
                "hosts",
                inputs.hosts().stream()
                        .filter(host -> wanted.contains(host.name()))
                        .toList());
        json.put("checkMode", inputs.checkMode());
        json.put("forks", spec.forks());
        var host = seconds(spec.timeouts().host());
        json.put(
                "timeouts",
                Map.of(
                        "runSeconds", seconds(spec.timeouts().run()),
                        "hostSeconds", host,
                        // A task that is ended for its own limit must have said so before the run counts as idle.
                        "idleSeconds", Math.max(seconds(spec.timeouts().idle()), host + IDLE_MARGIN_SECONDS)));
        json.put(
                "hostKeys",
                switch (spec.ssh().hostKeys()) {
                    case STRICT -> "Strict";
                    case TRUST_ON_FIRST_USE -> "TrustOnFirstUse";
                });
        callback.ifPresent(base -> json.put("callback", Map.of("url", base + path(key))));
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order that was just made cannot be written", e);
        }
    }

    private static String path(AttemptKey key) {
        return "/runner/v1/namespaces/" + key.namespace() + "/runs/" + key.runUid() + "/attempts/" + key.attempt();
    }

    private static long seconds(String duration) {
        return DurationText.parse(duration).toSeconds();
    }
}
