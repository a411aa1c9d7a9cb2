package com.xonetwork.tailnet.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a bench writes its figures as it goes, one JSON object a line: what was measured before a failure is not lost. */
final class Sheet {

    static final Path DIRECTORY = Path.of("target", "bench");
    static final String SUFFIX = ".jsonl";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    /** This bench's: {@code target/bench/NAME.jsonl}, which {@code hack/bench} takes away before. */
    Sheet(Class<?> bench) {
        file = DIRECTORY.resolve(bench.getSimpleName() + SUFFIX);
        try {
            Files.createDirectories(DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(Row row) {
        try {
            Files.writeString(
                    file, JSON.writeValueAsString(row) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println(row.section().title() + ": " + row.what() + ": " + row.amount(row.value())
                + (row.reference() == null ? "" : ", reference " + row.amount(row.reference())));
    }
}
