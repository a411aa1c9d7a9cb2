package com.xonetwork.tailnet.policy.hujson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuBoolean;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNull;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNumber;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.math.BigDecimal;
import java.math.BigInteger;

/** A value without places and comments, as the tree that the other packages work with. Numbers stay exact. */
public final class HuJacksonTree {

    /** More digits than any exact number in a policy has; converting them takes time that grows faster than their number. */
    private static final int MAX_NUMBER = 1_000;

    private final HuJsonDocument document;

    private HuJacksonTree(HuJsonDocument document) {
        this.document = document;
    }

    /**
     * @throws HuJsonSyntaxException if a number does not fit a 64-bit float, which the service decodes free numbers to
     */
    public static JsonNode of(HuJsonDocument document, HuValue value) {
        return new HuJacksonTree(document).tree(value);
    }

    /** Recursion is as deep as {@link HuJsonDocument#MAX_DEPTH} allows. */
    private JsonNode tree(HuValue value) {
        return switch (value) {
            case HuObject object -> object(object);
            case HuArray array -> array(array);
            case HuString string -> JsonNodeFactory.instance.textNode(string.value());
            case HuNumber number -> number(number);
            case HuBoolean flag -> JsonNodeFactory.instance.booleanNode(flag.value());
            case HuNull ignored -> JsonNodeFactory.instance.nullNode();
        };
    }

    private ObjectNode object(HuObject object) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (HuMember member : object.members()) {
            tree.set(member.name().value(), tree(member.value()));
        }
        return tree;
    }

    private ArrayNode array(HuArray array) {
        ArrayNode tree = JsonNodeFactory.instance.arrayNode();
        for (HuElement element : array.elements()) {
            tree.add(tree(element.value()));
        }
        return tree;
    }

    private JsonNode number(HuNumber number) {
        String literal = number.literal();
        boolean whole = literal.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        try {
            if (literal.length() > MAX_NUMBER || !Double.isFinite(Double.parseDouble(literal))) {
                throw outOfRange(number);
            }
            return whole ? integer(new BigInteger(literal)) : DecimalNode.valueOf(new BigDecimal(literal));
        } catch (NumberFormatException | ArithmeticException e) {
            throw outOfRange(number);
        }
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return JsonNodeFactory.instance.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE
                ? JsonNodeFactory.instance.numberNode(value.longValue())
                : BigIntegerNode.valueOf(value);
    }

    private HuJsonSyntaxException outOfRange(HuNumber number) {
        return new HuJsonSyntaxException(document.place(number.start()), "this number is out of range");
    }
}
