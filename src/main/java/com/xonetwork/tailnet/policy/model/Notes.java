package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What reading finds and does not judge. */
final class Notes {

    private final HuJsonDocument document;
    private final List<Problem> unknown = new ArrayList<>();
    private final Map<Span, Malformed> malformed = new LinkedHashMap<>();
    private final List<Problem> structural = new ArrayList<>();

    Notes(HuJsonDocument document) {
        this.document = document;
    }

    void unknown(Span span, String message) {
        unknown.add(new Problem(span, message));
    }

    void structural(Span span, String message) {
        structural.add(new Problem(span, message));
    }

    void wrongType(HuValue value, String expected) {
        String path = document.pathTo(value.start());
        structural(
                Fields.span(value),
                (path.isEmpty() ? "a policy" : path) + " must be " + expected + ", not " + value.kind());
    }

    /** What a string means; if it means nothing, that is noted. */
    <T> Optional<Located<T>> read(HuString string, Function<String, Parsed<T>> parser) {
        Parsed<T> parsed = parser.apply(string.value());
        Span span = Fields.span(string);
        if (parsed.value().isEmpty()) {
            malformed.put(span, new Malformed(parsed.problem(), parsed.allPortsByNumber()));
        }
        return parsed.value().map(value -> new Located<>(value, string.value(), span));
    }

    List<Problem> unknown() {
        return unknown;
    }

    Map<Span, Malformed> malformed() {
        return malformed;
    }

    List<Problem> structural() {
        return structural;
    }
}
