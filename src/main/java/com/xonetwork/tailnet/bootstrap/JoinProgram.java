package com.xonetwork.tailnet.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a machine runs at its first boot: constants, which stand in files of the jar. */
final class JoinProgram {

    static final String SCRIPT = resource("join.sh");

    /** Without its comments: user-data must be small, AWS takes 16 KB. */
    static final String LOGIN = resource("join.py")
            .lines()
            .filter(line -> !line.strip().startsWith("#"))
            .collect(Collectors.joining("\n", "", "\n"));

    private JoinProgram() {}

    private static String resource(String name) {
        try (var resource = Objects.requireNonNull(JoinProgram.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
