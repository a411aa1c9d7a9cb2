package com.xonetwork.tailnet.policy.compile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.xonetwork.tailnet.policy.hujson.HuValue;

/** The parameters of capabilities: opaque to the service and to us, they are handed on as they are, without comments. */
final class CapabilityJson {

    private static final JsonMapper NUMBERS = JsonMapper.builder().build();

    private CapabilityJson() {}

    static JsonNode of(HuValue value) {
        return switch (value) {
            case HuValue.HuObject object -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                object.members().forEach(member -> node.set(member.name().value(), of(member.value())));
                yield node;
            }
            case HuValue.HuArray array -> {
                ArrayNode node = JsonNodeFactory.instance.arrayNode();
                array.elements().forEach(element -> node.add(of(element.value())));
                yield node;
            }
            case HuValue.HuString string -> TextNode.valueOf(string.value());
            case HuValue.HuNumber number -> number(number.literal());
            case HuValue.HuBoolean flag -> BooleanNode.valueOf(flag.value());
            case HuValue.HuNull ignored -> NullNode.getInstance();
        };
    }

    private static JsonNode number(String literal) {
        try {
            return NUMBERS.readTree(literal);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the document has read this as a number: " + literal, e);
        }
    }
}
