package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads HuJSON: JSON with comments and trailing commas. */
final class HuJson {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HuJson() {}

    /**
     * Parses a policy.
     *
     * @throws ApiError with {@code line N, column M: ...} where the text is no HuJSON
     */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            var line = where == null ? 1 : where.getLineNr();
            var column = where == null ? 1 : where.getColumnNr();
            throw ApiError.badRequest("line %d, column %d: %s"
                    .formatted(
                            line,
                            column,
                            e.getOriginalMessage().lines().findFirst().orElse("syntax error")));
        }
    }

    /** A section by its name, whatever its case, as Go finds struct fields; a missing node where there is none. */
    static JsonNode section(JsonNode object, String name) {
        var exact = object.path(name);
        if (!exact.isMissingNode()) {
            return exact;
        }
        return object.properties().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(exact);
    }

    /**
     * The text as the service stores it: untouched, except that the members of every group come back sorted. Comments stay
     * where they stood.
     */
    static String stored(String text) {
        var result = new StringBuilder();
        var copied = 0;
        for (var members : groups(text)) {
            var sorted = members.stream()
                    .map(span -> text.substring(span.start, span.end))
                    .sorted()
                    .iterator();
            for (var span : members) {
                result.append(text, copied, span.start).append(sorted.next());
                copied = span.end;
            }
        }
        return result.append(text, copied, text.length()).toString();
    }

    /** In which line each element of a top-level list begins, from 1. */
    static List<Integer> linesOfElements(String text, String section) {
        var lines = new ArrayList<Integer>();
        try (var parser = MAPPER.getFactory().createParser(text)) {
            var depth = 0;
            var inSection = false;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && depth == 1) {
                    inSection = parser.currentName().equalsIgnoreCase(section);
                } else if (token.isStructEnd()) {
                    depth--;
                } else {
                    if (inSection && depth == 2) {
                        lines.add(parser.currentTokenLocation().getLineNr());
                    }
                    depth += token.isStructStart() ? 1 : 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private record Span(int start, int end) {}

    /** Where the members of each group stand in the text, quotes included. */
    private static List<List<Span>> groups(String text) {
        var groups = new ArrayList<List<Span>>();
        try (var parser = MAPPER.getFactory().createParser(text)) {
            var depth = 0;
            var inGroups = false;
            List<Span> members = new ArrayList<>();
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && depth == 1) {
                    inGroups = parser.currentName().equalsIgnoreCase("groups");
                } else if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                    if (inGroups && token == JsonToken.END_ARRAY && depth == 2) {
                        groups.add(members);
                        members = new ArrayList<>();
                    }
                } else if (inGroups && token == JsonToken.VALUE_STRING && depth == 3) {
                    var start = (int) parser.currentTokenLocation().getCharOffset();
                    parser.finishToken();
                    members.add(new Span(start, (int) parser.currentLocation().getCharOffset()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return groups;
    }
}
