package com.xonetwork.tailnet.crash;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 request, whole. @param bytes as they came @param body without the framing of chunks */
record HttpMessage(String method, String path, String head, byte[] body, byte[] bytes) {

    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");
    /** In place of a line. */
    private static final String END = "\0";

    /** Null where the connection ended between two requests. */
    static @Nullable HttpMessage read(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var head = new StringBuilder();
        for (var line = line(in, bytes); !line.isEmpty(); line = line(in, bytes)) {
            if (line.equals(END)) {
                return null;
            }
            head.append(line).append('\n');
        }
        var text = head.toString();
        var start = text.lines().findFirst().orElseThrow().split(" ");
        var body = header(text, "transfer-encoding").contains("chunked")
                ? chunks(in, bytes)
                : exactly(in, bytes, length(header(text, "content-length")));
        return new HttpMessage(start[0], start[1], text, body, bytes.toByteArray());
    }

    private static String line(InputStream in, ByteArrayOutputStream copy) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return END;
            }
            copy.write(next);
            line.append((char) next);
        }
        copy.write('\n');
        return line.toString().stripTrailing();
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    private static int length(String header) {
        return header.isEmpty() ? 0 : Integer.parseInt(header);
    }

    private static byte[] exactly(InputStream in, ByteArrayOutputStream copy, int length) throws IOException {
        var part = in.readNBytes(length);
        if (part.length < length) {
            throw new EOFException("in the middle of a request");
        }
        copy.writeBytes(part);
        return part;
    }

    private static byte[] chunks(InputStream in, ByteArrayOutputStream copy) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = size(in, copy); size > 0; size = size(in, copy)) {
            body.writeBytes(exactly(in, copy, size));
            line(in, copy);
        }
        line(in, copy);
        return body.toByteArray();
    }

    private static int size(InputStream in, ByteArrayOutputStream copy) throws IOException {
        return Integer.parseInt(line(in, copy).split(";")[0].strip(), 16);
    }

    boolean isWrite() {
        return WRITES.contains(method);
    }

    boolean isUpgrade() {
        return !header(head, "upgrade").isEmpty();
    }
}
