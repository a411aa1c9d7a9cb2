package com.xonetwork.tailnet.testbed;

/**
 * How a program ended.
 *
 * @param command what was run, for messages
 * @param exitCode its exit code
 * @param stdout what it printed
 * @param stderr what it complained about
 */
public record CommandResult(String command, int exitCode, String stdout, String stderr) {
    public boolean succeeded() {
        return exitCode == 0;
    }

    /** This result when the program succeeded; otherwise an error with everything it said. */
    public CommandResult orFail() {
        if (!succeeded()) {
            throw new IllegalStateException("`%s` ended with %d:%n%s%s".formatted(command, exitCode, stdout, stderr));
        }
        return this;
    }
}
