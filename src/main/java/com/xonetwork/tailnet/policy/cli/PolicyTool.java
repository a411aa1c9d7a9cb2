package com.xonetwork.tailnet.policy.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code policy}; what it does is in its subcommands. */
@Command(
        name = "policy",
        exitCodeOnExecutionException = PolicyTool.BAD_INPUT,
        description = "Shows what a tailnet policy does before it is published.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CheckCommand.class, TestCommand.class, DiffCommand.class, CapturesCommand.class})
public final class PolicyTool {

    /** Nothing to object to. */
    static final int FINE = 0;
    /** Something was found: a broken policy, a failing test, a change. */
    static final int FINDING = 1;
    /** The question could not be answered. */
    static final int BAD_INPUT = 2;

    @Mixin
    private HelpOption help = new HelpOption();

    private PolicyTool() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new PolicyTool());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((problem, command, parsed) -> {
            if (problem instanceof BadInputException) {
                PrintWriter err = command.getErr();
                err.println("error: " + problem.getMessage());
                err.flush();
                return BAD_INPUT;
            }
            throw problem;
        });
        return line;
    }
}
