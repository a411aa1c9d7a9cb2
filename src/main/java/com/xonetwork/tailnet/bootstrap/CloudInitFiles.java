package com.xonetwork.tailnet.bootstrap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin.CloudInitNetwork;
import com.xonetwork.tailnet.pure.Pure;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files that cloud-init is given (its data source NoCloud takes them as they are, others take user-data). The
 * token is in user-data, the join key in none.
 */
@Pure
final class CloudInitFiles {

    static final String USER_DATA = "user-data";
    static final String META_DATA = "meta-data";
    static final String NETWORK_CONFIG = "network-config";

    /** A file system in memory, which no image is made of: the token is there until it was used. */
    private static final String PLACE = "/run/xo-tailnet/";

    private static final CloudInitNetwork DHCP = new CloudInitNetwork(null, List.of(), null, List.of());

    /** By keys, so that the same wish is the same text in every process: otherwise a restart would write all files anew. */
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private CloudInitFiles() {}

    /** By name. */
    static Map<String, String> of(CloudInit wish, String token) {
        var files = new HashMap<String, String>();
        files.put(USER_DATA, "#cloud-config\n" + yaml(userData(wish, token)));
        files.put(
                META_DATA,
                yaml(Map.of(
                        // Another instance is another machine: cloud-init does then what it does at a first boot.
                        "instance-id",
                        wish.namespace() + "-" + wish.name(),
                        "local-hostname",
                        wish.preferences().hostname())));
        files.put(
                NETWORK_CONFIG,
                yaml(Map.of(
                        "network",
                        network(Optional.ofNullable(wish.spec().network()).orElse(DHCP)))));
        return files;
    }

    private static Map<String, Object> userData(CloudInit wish, String token) {
        var data = new HashMap<String, Object>();
        data.put("hostname", wish.preferences().hostname());
        if (!wish.trusted().isEmpty()) {
            data.put("ca_certs", Map.of("trusted", wish.trusted()));
        }
        data.put(
                "write_files",
                List.of(
                        file("token", "0600", token + "\n"),
                        file("settings", "0600", settings(wish)),
                        file("join.sh", "0700", JoinProgram.SCRIPT),
                        file("join.py", "0600", JoinProgram.LOGIN)));
        data.put("runcmd", List.of(List.of("/bin/sh", PLACE + "join.sh")));
        return data;
    }

    private static Map<String, String> file(String name, String permissions, String content) {
        return Map.of("path", PLACE + name, "permissions", permissions, "content", content);
    }

    /** As a shell reads them. */
    private static String settings(CloudInit wish) {
        var preferences = wish.preferences();
        var settings = new LinkedHashMap<String, Object>();
        settings.put("BOOTSTRAP_URL", wish.bootstrapUrl() + "/bootstrap/" + wish.namespace() + "/" + wish.name());
        settings.put("LOGIN_SERVER", orEmpty(wish.loginServer()));
        settings.put("APT_SOURCE", orEmpty(wish.spec().aptSource()));
        settings.put("NODE_HOSTNAME", preferences.hostname());
        settings.put("ADVERTISE_ROUTES", String.join(",", preferences.advertiseRoutes()));
        settings.put("ADVERTISE_EXIT_NODE", preferences.advertiseExitNode());
        settings.put("UNMANAGED_ROUTES", preferences.keepUnmanaged() ? "keep" : "remove");
        settings.put("EXIT_NODE", exitNode(preferences.exitNode()));
        settings.put("EXIT_NODE_ALLOW_LAN_ACCESS", orEmpty(preferences.exitNodeAllowLanAccess()));
        settings.put("ACCEPT_ROUTES", orEmpty(preferences.acceptRoutes()));
        settings.put("ACCEPT_DNS", orEmpty(preferences.acceptDns()));
        settings.put("TAILSCALE_SSH", orEmpty(preferences.ssh()));
        return settings.entrySet().stream()
                .map(setting ->
                        setting.getKey() + "=" + quoted(setting.getValue().toString()) + "\n")
                .collect(Collectors.joining());
    }

    /** A shell knows no difference between nothing said and none wanted. */
    private static String exitNode(@Nullable String address) {
        return "".equals(address) ? "none" : orEmpty(address);
    }

    private static String orEmpty(@Nullable Object said) {
        return said == null ? "" : said.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static Map<String, Object> network(CloudInitNetwork wish) {
        var primary = new HashMap<String, Object>();
        primary.put(
                "match", wish.macAddress() == null ? Map.of("name", "e*") : Map.of("macaddress", wish.macAddress()));
        primary.put("dhcp4", wish.addresses().isEmpty());
        primary.put("dhcp6", wish.addresses().isEmpty());
        if (!wish.addresses().isEmpty()) {
            primary.put("addresses", wish.addresses());
        }
        if (wish.gateway() != null) {
            primary.put("routes", List.of(Map.of("to", "default", "via", wish.gateway())));
        }
        if (!wish.nameservers().isEmpty()) {
            primary.put("nameservers", Map.of("addresses", wish.nameservers()));
        }
        return Map.of("version", 2, "ethernets", Map.of("primary", primary));
    }

    private static String yaml(Map<String, Object> content) {
        try {
            return YAML.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was just made cannot be written", e);
        }
    }
}
