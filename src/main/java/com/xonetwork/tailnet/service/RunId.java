package com.xonetwork.tailnet.service;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.regex.Pattern;

/**
 * Names a run in a URL: {@code <namespace>.<name>}. A namespace has no dot in its name, so that the first one ends it.
 */
record RunId(String namespace, String name) {

    private static final Pattern TEXT =
            Pattern.compile("([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\\.([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)");

    static RunId of(HasMetadata run) {
        return new RunId(run.getMetadata().getNamespace(), run.getMetadata().getName());
    }

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem 404 when it cannot be the id of a run */
    static RunId parse(String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw ApiProblems.notFound("a run is named NAMESPACE.NAME");
        }
        return new RunId(match.group(1), match.group(2));
    }

    @Override
    public String toString() {
        return namespace + "." + name;
    }
}
