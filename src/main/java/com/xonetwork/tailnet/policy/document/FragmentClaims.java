package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes a fragment apart into what it claims at which place. The rules of merging are here; joining is mechanical. */
final class FragmentClaims {

    private final SortedMap<Place, Claim> claims = new TreeMap<>();

    private FragmentClaims() {}

    static SortedMap<Place, Claim> of(PolicyFragment fragment) {
        FragmentClaims result = new FragmentClaims();
        for (Map.Entry<String, JsonNode> section : fragment.content().properties()) {
            // To the service, null is absent. Were it a claim, it would clash with everybody.
            if (!section.getValue().isNull()) {
                result.section(section.getKey(), section.getValue());
            }
        }
        return result.claims;
    }

    private void section(String name, JsonNode value) {
        Place place = Place.of(name);
        switch (Section.of(name).map(Section::shape).orElse(shapeOf(value))) {
            case NAMED -> named(place, value, this::exactly);
            case NAMED_SETS -> named(place, value, this::exactSet);
            case OWNERS -> named(place, value, this::members);
            case APPROVERS -> named(place, value, this::approver);
            case RULES -> rules(place, value);
            case WHOLE -> exactly(place, value);
        }
    }

    /** A section that we do not know is merged by what it looks like. */
    private static Section.Shape shapeOf(JsonNode value) {
        return switch (value) {
            case ObjectNode _ -> Section.Shape.NAMED;
            case ArrayNode _ -> Section.Shape.RULES;
            default -> Section.Shape.WHOLE;
        };
    }

    private interface Taker {
        void take(Place place, JsonNode value);
    }

    private void named(Place place, JsonNode value, Taker each) {
        if (value instanceof ObjectNode object) {
            claims.put(place, new Claim.AnObject());
            object.properties().forEach(field -> each.take(place.below(field.getKey()), field.getValue()));
        } else {
            exactly(place, value);
        }
    }

    private void approver(Place place, JsonNode value) {
        switch (place.last()) {
            case Section.ROUTES, Section.SERVICES -> {
                if (!value.isNull()) {
                    named(place, value, this::members);
                }
            }
            case Section.EXIT_NODE -> members(place, value);
            default -> exactly(place, value);
        }
    }

    private void rules(Place place, JsonNode value) {
        if (value instanceof ArrayNode array) {
            claims.put(place, Claim.Rules.of(array));
        } else {
            exactly(place, value);
        }
    }

    private void members(Place place, JsonNode value) {
        claims.put(
                place,
                CanonicalForm.set(value).<Claim>map(Claim.Members::new).orElseGet(() -> new Claim.Exactly(value)));
    }

    private void exactSet(Place place, JsonNode value) {
        exactly(
                place,
                CanonicalForm.set(value).<JsonNode>map(CanonicalForm::array).orElse(value));
    }

    private void exactly(Place place, JsonNode value) {
        claims.put(place, new Claim.Exactly(value));
    }
}
