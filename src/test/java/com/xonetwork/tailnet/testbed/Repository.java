package com.xonetwork.tailnet.testbed;

import java.nio.file.Path;

/** Where the repository's files are, seen from a test. */
final class Repository {
    /** Maven sets {@code basedir}; an IDE starts tests in the project's directory. */
    static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    static final Path TARGET = ROOT.resolve("target");

    private Repository() {}
}
