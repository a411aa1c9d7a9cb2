package com.xonetwork.tailnet.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.xonetwork.tailnet.pure.Pure;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a received event is kept. Whoever has the token of an attempt (the runner, and whatever a playbook starts beside it)
 * chooses every byte of its events, and all tenants share the memory and the disk that they go to: each field has a bound and a
 * form here.
 */
@Pure
final class EventRules {

    /** Characters. */
    static final int LONGEST_TASK = 256;

    static final int LONGEST_MESSAGE = 4 * 1024;
    static final int LONGEST_TEXT = 32 * 1024;
    static final int LONGEST_HOST_KEY = 2 * 1024;
    /** Lines in one event. */
    static final int MOST_HOST_KEYS = 4_000;

    /** Of one machine: names, and characters of names and values together. */
    static final int MOST_OUTPUTS = 16;

    static final int LONGEST_OUTPUTS = 1024;
    private static final Pattern OUTPUT = Pattern.compile("[a-z][A-Za-z0-9_]{0,62}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LONGEST_TIME = 40;
    private static final Pattern HOST = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");
    /** Of named hosts or hashed ones, no patterns and no certificate authorities: such a line would speak for machines of others. */
    private static final Pattern HOST_KEY = Pattern.compile(
            "(?:\\|1\\|[A-Za-z0-9+/=]+\\|[A-Za-z0-9+/=]+|[A-Za-z0-9.:%_,\\[\\]-]+) [a-z0-9@.-]+ [A-Za-z0-9+/=]+(?: \\P{Cntrl}*)?");

    /** Of one text: a body of 1 MiB has room for more than its size of objects. */
    private static final int MOST_TOKENS = 200_000;

    private static final int DEEPEST = 32;

    private EventRules() {}

    /** Reads what a stranger has written, and makes little of it in memory. */
    static ObjectMapper reader() {
        return new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxTokenCount(MOST_TOKENS)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build());
    }

    /**
     * The event as it is kept.
     *
     * @param hosts of the attempt's order; null when it is not known, as of a file that another process has written
     * @return empty for one of a type that there is not, or that lacks what its type is about
     */
    static Optional<RunEvent> kept(RunEvent event, @Nullable Set<String> hosts, Instant now) {
        if (!RunEvent.TYPES.contains(event.type())) {
            return Optional.empty();
        }
        var stranger = event.host() != null && !isHost(event.host(), hosts);
        var data = data(event, hosts);
        if (data == null
                && (event.type().equals(RunEvent.RUN_FINISHED) || event.type().equals(RunEvent.HOST_KEYS))) {
            return Optional.empty();
        }
        var cut = isLonger(event.text(), LONGEST_TEXT) || isLonger(event.message(), LONGEST_MESSAGE);
        return Optional.of(new RunEvent(
                event.counter(),
                time(event.time(), now),
                // What a playbook did elsewhere (on the runner itself, for example) is worth reading, and no result of
                // a machine.
                stranger ? RunEvent.OUTPUT : event.type(),
                stranger ? null : event.host(),
                cut(event.task(), LONGEST_TASK),
                stranger ? null : event.changed(),
                cut(event.message(), LONGEST_MESSAGE),
                cut(event.text(), LONGEST_TEXT),
                data,
                cut || Boolean.TRUE.equals(event.truncated()) ? true : null));
    }

    /** Whether a machine of that name can be one of the attempt's. */
    static boolean isHost(String name, @Nullable Set<String> hosts) {
        return hosts == null ? HOST.matcher(name).matches() : hosts.contains(name);
    }

    /**
     * Texts by name, as many as have a place.
     *
     * @param told an object; what is no text in it is left out
     */
    static Map<String, String> outputs(@Nullable JsonNode told) {
        var kept = new TreeMap<String, String>();
        var size = 0;
        for (var output : told == null ? Set.<Map.Entry<String, JsonNode>>of() : told.properties()) {
            var name = output.getKey();
            var value = output.getValue().isTextual() ? output.getValue().textValue() : "";
            size += name.length() + value.length();
            if (!value.isEmpty()
                    && OUTPUT.matcher(name).matches()
                    && kept.size() < MOST_OUTPUTS
                    && size <= LONGEST_OUTPUTS) {
                kept.put(name, CONTROL.matcher(value).replaceAll(" "));
            }
        }
        return kept;
    }

    private static String time(@Nullable String time, Instant now) {
        try {
            if (time != null && time.length() <= LONGEST_TIME) {
                OffsetDateTime.parse(time);
                return time;
            }
        } catch (DateTimeException e) {
            // Readers are promised a time.
        }
        return now.toString();
    }

    private static @Nullable JsonNode data(RunEvent event, @Nullable Set<String> hosts) {
        if (event.data() == null || event.data().isNull()) {
            return null;
        }
        return switch (event.type()) {
            case RunEvent.RUN_STARTED ->
                JsonNodeFactory.instance
                        .objectNode()
                        .put("checkMode", event.data().path("checkMode").asBoolean());
            case RunEvent.HOST_KEYS -> hostKeys(event.data());
            case RunEvent.RUN_FINISHED ->
                RunSummary.of(event.data()).map(told -> told.of(hosts).toJson()).orElse(null);
            default -> null;
        };
    }

    private static JsonNode hostKeys(JsonNode data) {
        var kept = JsonNodeFactory.instance.objectNode();
        var lines = kept.putArray("lines");
        for (var line : data.path("lines")) {
            var text = line.asText();
            if (lines.size() < MOST_HOST_KEYS
                    && text.length() <= LONGEST_HOST_KEY
                    && HOST_KEY.matcher(text).matches()) {
                lines.add(text);
            }
        }
        return kept;
    }

    private static boolean isLonger(@Nullable String text, int most) {
        return text != null && text.length() > most;
    }

    /** Shortened to so many characters, of which the last one says so. */
    static @Nullable String cut(@Nullable String text, int most) {
        if (text == null || text.length() <= most) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }
}
