package com.xonetwork.tailnet.testbed;

import java.nio.file.Path;

/**
 * Where the tests of this JVM keep their files. {@code hack/test} has several JVMs test at once, each with an API server, an operator and
 * files of its own: {@code -Dtests.part=NAME} says which part of the tests a JVM has. Without it one JVM has all of them.
 */
public final class TestFiles {

    private static final String PART = System.getProperty("tests.part", "");

    private TestFiles() {}

    /** The name of the part; empty when this JVM has all tests. */
    public static String part() {
        return PART;
    }

    /** A directory under {@code target/}, or {@code target/} itself. */
    public static Path directory() {
        return Repository.TARGET.resolve(PART);
    }
}
