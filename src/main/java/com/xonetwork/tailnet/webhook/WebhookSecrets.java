package com.xonetwork.tailnet.webhook;

import java.util.List;

/**
 * The secrets of one tailnet's webhooks, more than one while they are rotated.
 *
 * @param values at least one and at most {@link #MOST}, none of them empty
 */
public record WebhookSecrets(List<String> values) {

    /** As many as a Tailnet may name. */
    public static final int MOST = 4;

    public WebhookSecrets {
        values = List.copyOf(values);
        if (values.isEmpty() || values.size() > MOST || values.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("between 1 and " + MOST + " secrets are needed, none of them empty");
        }
    }

    @Override
    public String toString() {
        return "WebhookSecrets[***]";
    }
}
