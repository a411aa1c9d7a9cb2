package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The tailnet's one policy file. Safe for use by several threads. */
final class PolicyStore {

    /** What a new tailnet has: everything may talk to everything. */
    static final String DEFAULT = """
            // Example/default ACLs for unrestricted connections.
            {
            	// Declare static groups of users. Use autogroups for all users or users with a specific role.
            	// "groups": {
            	//  	"group:example": ["alice@example.com", "bob@example.com"],
            	// },

            	// Define the tags which can be applied to devices and by which users.
            	// "tagOwners": {
            	//  	"tag:example": ["autogroup:admin"],
            	// },

            	// Define grants that govern access for users, groups, autogroups, tags,
            	// Tailscale IP addresses, and subnet ranges.
            	"grants": [
            		// Allow all connections.
            		// Comment this section out if you want to define specific restrictions.
            		{"src": ["*"], "dst": ["*"], "ip": ["*"]},
            	],

            	// Define users and devices that can use Tailscale SSH.
            	"ssh": [
            		// Allow all users to SSH into their own devices in check mode.
            		{
            			"action": "check",
            			"src":    ["autogroup:member"],
            			"dst":    ["autogroup:self"],
            			"users":  ["autogroup:nonroot", "root"],
            		},
            	],
            }
            """;

    private volatile Version current = new Version(DEFAULT, HuJson.parse(DEFAULT), true);
    /** Hears of every write: the text before it and the one after. */
    private final BiConsumer<String, String> watcher;

    private final List<Hook> rejections = new ArrayList<>();
    private final List<Hook> warnings = new ArrayList<>();

    PolicyStore(BiConsumer<String, String> watcher) {
        this.watcher = watcher;
    }

    /** One text, its tree and whether nobody ever wrote it. */
    record Version(String text, JsonNode json, boolean isDefault) {

        /** Quoted, as it stands in the header. The live service hashes a reformatted text; callers see it as opaque. */
        String etag() {
            return "\"" + Sha256.hex(text) + "\"";
        }
    }

    /** A complaint about a policy: the message and, for tests and warnings, who it is about. */
    record Complaint(String message, String user, List<String> details) {}

    private record Hook(Predicate<JsonNode> when, Complaint complaint) {}

    Version current() {
        return current;
    }

    JsonNode json() {
        return current.json();
    }

    void set(String text) {
        replace(new Version(text, HuJson.parse(text), false));
    }

    void reset() {
        replace(new Version(DEFAULT, HuJson.parse(DEFAULT), true));
    }

    private void replace(Version next) {
        var before = current;
        current = next;
        watcher.accept(before.text(), next.text());
    }

    synchronized void rejectWhen(Predicate<JsonNode> when, Complaint complaint) {
        rejections.add(new Hook(when, complaint));
    }

    synchronized void warnWhen(Predicate<JsonNode> when, Complaint complaint) {
        warnings.add(new Hook(when, complaint));
    }

    /** Why the service would refuse this policy. */
    synchronized Optional<Complaint> rejection(JsonNode policy, Profile profile) {
        return PolicyCheck.firstError(policy, profile)
                .map(message -> new Complaint(message, "", List.of()))
                .or(() -> first(rejections, policy));
    }

    /** What the service would accept with a shake of its head. */
    synchronized Optional<Complaint> warning(JsonNode policy) {
        return first(warnings, policy);
    }

    private static Optional<Complaint> first(List<Hook> hooks, JsonNode policy) {
        return hooks.stream()
                .filter(hook -> hook.when.test(policy))
                .map(Hook::complaint)
                .findFirst();
    }
}
