package com.xonetwork.tailnet.scene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What the operator of each part of the tests has used of its rights: each part has an API server of its own, and so an audit log. */
public final class UsedRights {

    private static final Path DIRECTORY = Path.of("target", "rights-used");

    private UsedRights() {}

    static void write(String part, Collection<String> rights) {
        try {
            Files.createDirectories(DIRECTORY);
            Files.write(DIRECTORY.resolve(part), rights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a part that has ended. */
    public static List<String> of(String part) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(part));
        } catch (IOException e) {
            throw new UncheckedIOException("the tests of the part " + part + " have not run to their end", e);
        }
    }
}
