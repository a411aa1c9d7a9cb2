package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a policy for the people who will read it in the admin console: comments on top, two spaces of indentation, short
 * lists on one line. The same tree gives the same text, byte for byte, and {@link PolicyText} reads the tree back from it.
 * Keys stay in the order of the tree; {@link PolicyMerger} has put them in a good one.
 */
public final class PolicyRenderer {

    private static final int LINE = 100;
    private static final String INDENT = "  ";

    /** Whatever could end a comment line, or hide in one. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    private final StringBuilder out = new StringBuilder();

    private PolicyRenderer() {}

    /**
     * The policy as HuJSON.
     *
     * @param headerComments one line each, without {@code //}; what would break the line becomes a blank
     */
    public static String render(ObjectNode policy, List<String> headerComments) {
        PolicyRenderer renderer = new PolicyRenderer();
        headerComments.forEach(renderer::comment);
        renderer.write(policy, 0, 0);
        renderer.out.append('\n');
        return renderer.out.toString();
    }

    private void comment(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ").strip();
        out.append(line.isEmpty() ? "//" : "// " + line).append('\n');
    }

    /** @param column where on its line the value begins, to judge what fits on the line */
    private void write(JsonNode value, int depth, int column) {
        switch (value) {
            case ObjectNode object when !object.isEmpty() -> writeObject(object, depth);
            case ArrayNode array
            when !array.isEmpty() -> {
                String line = oneLine(array, LINE - column);
                if (line.isEmpty()) {
                    writeArray(array, depth);
                } else {
                    out.append(line);
                }
            }
            default -> out.append(atom(value));
        }
    }

    private void writeObject(ObjectNode object, int depth) {
        out.append("{\n");
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            String name = quote(field.getKey()) + ": ";
            indent(depth + 1);
            out.append(name);
            write(field.getValue(), depth + 1, INDENT.length() * (depth + 1) + name.length());
            out.append(fields.hasNext() ? ",\n" : "\n");
        }
        indent(depth);
        out.append('}');
    }

    private void writeArray(ArrayNode array, int depth) {
        out.append("[\n");
        Iterator<JsonNode> elements = array.elements();
        while (elements.hasNext()) {
            indent(depth + 1);
            write(elements.next(), depth + 1, INDENT.length() * (depth + 1));
            out.append(elements.hasNext() ? ",\n" : "\n");
        }
        indent(depth);
        out.append(']');
    }

    /** The array on one line, or nothing if it is not made of plain values or does not fit. */
    private static String oneLine(ArrayNode array, int room) {
        StringBuilder line = new StringBuilder("[");
        for (JsonNode element : array) {
            if (element.isContainerNode()) {
                return "";
            }
            line.append(line.length() > 1 ? ", " : "").append(atom(element));
            if (line.length() >= room) {
                return "";
            }
        }
        return line.append(']').toString();
    }

    private static String atom(JsonNode value) {
        return value.isTextual() ? quote(value.textValue()) : value.toString();
    }

    private static String quote(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private void indent(int depth) {
        out.repeat(INDENT, depth);
    }
}
