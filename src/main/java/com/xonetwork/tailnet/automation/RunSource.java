package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a template's source.
 *
 * @param digest of the ConfigMap's content; null for what the image holds
 * @param problem why there is none, in words for a user
 */
record RunSource(@Nullable String digest, @Nullable String problem) {

    /** @param found the ConfigMap of the source; null when there is none */
    static RunSource of(AutomationSource source, @Nullable ConfigMap found) {
        var files = source.configMap();
        if (files == null) {
            return new RunSource(null, null);
        }
        if (found == null) {
            return new RunSource(
                    null, "there is no ConfigMap " + files.name() + " in this namespace, which source names");
        }
        var content = new TreeMap<String, String>();
        if (found.getData() != null) {
            content.putAll(found.getData());
        }
        var key = files.entry().split(":", -1)[0];
        if (!content.containsKey(key)) {
            return new RunSource(
                    null, "ConfigMap " + files.name() + " has no key " + key + ", which source.configMap.entry names");
        }
        if (found.getBinaryData() != null) {
            found.getBinaryData().forEach((name, value) -> content.put("binary " + name, value));
        }
        var bytes = new ByteArrayOutputStream();
        content.forEach((name, value) -> {
            var text = name + "\0" + value.length() + "\0" + value;
            bytes.writeBytes(text.getBytes(UTF_8));
        });
        return new RunSource(RunInputs.digest(bytes.toByteArray()), null);
    }

    /** All files of the ConfigMap, base64 by name, as a Secret has them. */
    static Map<String, String> content(ConfigMap found) {
        var content = new TreeMap<String, String>();
        if (found.getData() != null) {
            found.getData()
                    .forEach((name, text) ->
                            content.put(name, Base64.getEncoder().encodeToString(text.getBytes(UTF_8))));
        }
        if (found.getBinaryData() != null) {
            content.putAll(found.getBinaryData());
        }
        return content;
    }
}
