package com.xonetwork.tailnet.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data of a Secret, as the API server gives it: base64 by key. */
public final class SecretData {

    private SecretData() {}

    /** The text under a key; empty where there is none. */
    public static String text(@Nullable Map<String, String> data, String key) {
        var value = data == null ? null : data.get(key);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
