package com.xonetwork.tailnet.controlplane.http;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.io.IOException;
import java.util.Optional;

/**
 * Looks at a policy file (HuJSON: JSON with comments and trailing commas) just far enough to keep the worst from
 * happening: to both services an empty policy means "allow everything", and a body that got lost on the way to them is
 * an empty policy.
 */
public final class PolicyBodyCheck {

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /**
     * Refuses a text that says nothing: blank, comments only, {@code null}, an empty object. A text that does not parse
     * passes: the service explains with line and column what is wrong with it, and stores nothing.
     *
     * @throws ControlPlaneException.Rejected before any call is made
     */
    public void requireContent(String hujson) {
        if (hujson.isBlank() || parse(hujson).filter(JsonNode::isEmpty).isPresent()) {
            throw new ControlPlaneException.Rejected(
                    0,
                    "the policy is empty, and an empty policy allows everything: to allow everything say so in a rule,"
                            + " to deny everything write \"acls\": []");
        }
    }

    /** Whether the text is a whole JSON object: what a service answers must be one. */
    public boolean isObject(String hujson) {
        // Not as a tree, which takes many times as much as the text, and its size is the service's choice.
        try (var parser = mapper.createParser(hujson)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The tree; a missing node for comments only; empty when it does not parse. */
    private Optional<JsonNode> parse(String hujson) {
        try (var parser = mapper.createParser(hujson)) {
            var tree = mapper.readTree(parser);
            var whole = tree == null ? mapper.missingNode() : (JsonNode) tree;
            return parser.nextToken() == null ? Optional.of(whole) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
