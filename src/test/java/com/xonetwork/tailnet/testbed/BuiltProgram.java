package com.xonetwork.tailnet.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program that {@code hack/testbed build} made, found when it is first asked for.
 *
 * @param path where it is
 */
public record BuiltProgram(String path) {

    /** Fails, and says what to do, when it was not built. */
    public static BuiltProgram named(String name) {
        var script = Repository.ROOT.resolve("hack/testbed").toString();
        return new BuiltProgram(new Command(List.of(script, "which", name), Map.of())
                .run()
                .orFail()
                .stdout()
                .strip());
    }

    /** A script of the project. @param path from its root */
    public static BuiltProgram script(String path) {
        return new BuiltProgram(Repository.ROOT.resolve(path).toString());
    }

    /** Runs it to its end. What is secret belongs into the environment or the standard input, not into the arguments. */
    public CommandResult run(Map<String, String> environment, String stdin, String... arguments) {
        var line = new ArrayList<>(List.of(path));
        line.addAll(List.of(arguments));
        return new Command(line, environment).run(stdin);
    }
}
