package com.xonetwork.tailnet.policy.cli;

import picocli.CommandLine.Option;

/** {@code --output} of the commands that programs read too. */
final class OutputOption {

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.TEXT;

    OutputFormat format() {
        return format;
    }
}
