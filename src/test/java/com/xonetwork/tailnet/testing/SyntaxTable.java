package com.xonetwork.tailnet.testing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.document.FragmentChecker;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a real Headscale says of tags, destinations, sources, ports and protocols, one by one: {@code policy-syntax/} of the test's
 * resources. Our checker is held against it, and so is the server.
 */
public final class SyntaxTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMES = """
            {"tagOwners": {"tag:web": ["alice@"], "tag:a:b": ["alice@"], "tag:my_server": ["alice@"], "tag:a@b": ["alice@"],
                           "tag:a,b": ["alice@"], "tag:a b": ["alice@"], "tag:b\\u00fcro": ["alice@"], "tag:a\\ud83d\\ude00": ["alice@"],
                           "tag:a\\u202eb": ["alice@"], "tag:a\\tb": ["alice@"], "tag:a\\"b": ["alice@"], "tag:a\\\\b": ["alice@"]},
             "hosts": {"lan": "192.168.1.0/24", "srv": "100.64.0.3", "a-b": "10.0.0.9", "10.0.0.1-10.0.0.9": "10.0.0.1",
                       "group": "10.0.0.8", "ten": "10.0.0.1"},
             "groups": {"group:dev": ["alice@"], "group:x@y": ["alice@"]}}
            """;
    private static final Map<String, String> RULES = Map.of(
            "dst", "{'acls': [{'action': 'accept', 'src': ['alice@'], 'dst': [TEXT]}]}",
            "src", "{'acls': [{'action': 'accept', 'src': [TEXT], 'dst': ['*:*']}]}",
            "grantDst", "{'grants': [{'src': ['alice@'], 'dst': [TEXT], 'ip': ['*']}]}",
            "ip", "{'grants': [{'src': ['*'], 'dst': ['*'], 'ip': [TEXT]}]}",
            "proto", "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*'], 'proto': TEXT}]}",
            "approver", "{'acls': [], 'autoApprovers': {'exitNode': [TEXT]}}",
            "owner", "{'acls': []}",
            "tag", "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}");

    private SyntaxTable() {}

    /**
     * One text and what Headscale said of it.
     *
     * @param place where it stands; {@code policy} for a whole policy, {@code carried} for a tag of a device
     */
    public record Row(String place, String text, boolean accepted) {

        public boolean isOfDevice() {
            return place.equals("carried");
        }

        /** The policy that has it, as text. */
        public String policy() {
            if (place.equals("policy")) {
                return text;
            }
            try {
                var policy = (ObjectNode) JSON.readTree(NAMES);
                var owners = (ObjectNode) policy.get("tagOwners");
                owners.putArray("tag:" + "x".repeat(2000)).add("alice@");
                if (place.equals("owner")) {
                    owners.putArray("tag:o").add(text);
                }
                if (place.equals("tag")) {
                    owners.removeAll();
                    owners.putArray(text).add("alice@");
                }
                var rules = requireNonNull(RULES.get(place))
                        .replace('\'', '"')
                        .replace("TEXT", JSON.writeValueAsString(text));
                policy.setAll((ObjectNode) JSON.readTree(rules));
                return policy.toString();
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whether the operator would let it through to Headscale. */
        public boolean acceptedByUs() {
            if (isOfDevice()) {
                return PolicySyntax.HEADSCALE.carriedTagProblem(text).isEmpty();
            }
            try {
                var content = PolicyText.parse(policy());
                var problems = FragmentChecker.check(new PolicyFragment("mine", 0, content), PolicySyntax.HEADSCALE);
                var verdict = PolicyValidator.validate(
                        Policy.parse(content.toString(), PolicySyntax.HEADSCALE), Domains.UNKNOWN);
                return problems.isEmpty() && verdict.findings().isEmpty();
            } catch (PolicySyntaxException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return place + " " + text.substring(0, Math.min(60, text.length()));
        }
    }

    public static List<Row> rows() {
        var resource = requireNonNull(SyntaxTable.class.getResourceAsStream("/policy-syntax/headscale-0.29.1.jsonl"));
        try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines().map(SyntaxTable::row).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        try {
            var row = JSON.readTree(line);
            return new Row(
                    row.get("place").textValue(),
                    row.get("text").textValue(),
                    row.get("accepted").booleanValue());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A policy that owns all tags of the table that a policy can own. */
    public static String ownerOfAll() {
        var policy = JSON.createObjectNode();
        ArrayNode acls = policy.putArray("acls");
        acls.addObject().put("action", "accept").set("src", all("*"));
        ((ObjectNode) acls.get(0)).set("dst", all("*:*"));
        var owners = policy.putObject("tagOwners");
        rows().stream()
                .filter(row -> row.isOfDevice()
                        && PolicySyntax.HEADSCALE.tagProblem(row.text()).isEmpty())
                .forEach(row -> owners.putArray(row.text()).add("alice@"));
        return policy.toString();
    }

    private static JsonNode all(String text) {
        return JSON.createArrayNode().add(text);
    }
}
