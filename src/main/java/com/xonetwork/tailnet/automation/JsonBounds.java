package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * How much JSON is looked at. Asked before anything else reads what a stranger wrote, and itself never deep: it keeps its own
 * stack, and stops at the first bound that is passed.
 *
 * @param bytes roughly, as compact UTF-8
 * @param depth objects and arrays in each other
 * @param values of any kind, with the objects and arrays themselves
 */
record JsonBounds(int bytes, int depth, int values) {

    private record Place(JsonNode node, int depth) {}

    /** Why this is too much, as the end of a sentence; empty when it is not. */
    Optional<String> refusal(JsonNode json) {
        var open = new ArrayDeque<Place>();
        open.push(new Place(json, 1));
        long bytesSeen = 0;
        var valuesSeen = 0;
        while (!open.isEmpty()) {
            var place = open.pop();
            var node = place.node();
            valuesSeen++;
            bytesSeen += node.isTextual() ? utf8(node.textValue()) + 2L : node.isContainerNode() ? 2L : 5L;
            if (node.isNumber() && !isOrdinary(node)) {
                return Optional.of("has a number that is too large or too precise; give it as a string");
            }
            if (node.isContainerNode() && place.depth() > depth) {
                return Optional.of("is nested more than " + depth + " levels deep");
            }
            for (var field : node.properties()) {
                bytesSeen += utf8(field.getKey()) + 4L;
                open.push(new Place(field.getValue(), place.depth() + 1));
            }
            if (node.isArray()) {
                node.forEach(item -> open.push(new Place(item, place.depth() + 1)));
            }
            if (bytesSeen > bytes) {
                return Optional.of("has more than " + bytes + " bytes");
            }
            if (valuesSeen + open.size() > values) {
                return Optional.of("has more than " + values + " values");
            }
        }
        return Optional.empty();
    }

    /** What the API server keeps: a 64 bit integer or a double. Arithmetic with anything else can take for ever. */
    private static boolean isOrdinary(JsonNode number) {
        return number.isFloatingPointNumber()
                ? !number.isBigDecimal() && Double.isFinite(number.doubleValue())
                : number.canConvertToLong();
    }

    private static long utf8(String text) {
        return text.codePoints()
                .mapToLong(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
                .sum();
    }
}
