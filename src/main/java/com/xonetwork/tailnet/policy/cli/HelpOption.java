package com.xonetwork.tailnet.policy.cli;

import picocli.CommandLine.Option;

/** {@code --help} of every command. The tool has no version of its own: it is part of the operator. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean asked;
}
