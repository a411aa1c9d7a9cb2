package com.xonetwork.tailnet.testbed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What etcd has stored: the very bytes, whatever the API server shows of them. */
final class StoredObjects {

    private StoredObjects() {}

    /**
     * @param etcd URL of its client port, which speaks JSON as well
     * @return all that begins with the prefix: keys, with values read byte by byte as ISO 8859-1
     */
    static Map<String, String> of(URI etcd, String prefix) {
        var json = new ObjectMapper();
        try (var http = HttpClient.newHttpClient()) {
            // A range ends before its end: the prefix with its last letter raised by one.
            var last = prefix.length() - 1;
            var end = prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
            var question = json.writeValueAsString(Map.of("key", base64(prefix), "range_end", base64(end)));
            var answer = http.send(
                    HttpRequest.newBuilder(etcd.resolve("/v3/kv/range"))
                            .POST(BodyPublishers.ofString(question))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("etcd: " + answer.statusCode() + " " + answer.body());
            }
            var stored = new TreeMap<String, String>();
            for (var entry : json.readTree(answer.body()).path("kvs")) {
                var value = Base64.getDecoder().decode(entry.path("value").asText());
                var key = Base64.getDecoder().decode(entry.path("key").asText());
                stored.put(new String(key, UTF_8), new String(value, ISO_8859_1));
            }
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
