package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --topology} of the commands that say more when they know the machines. */
final class TopologyOption {

    @Option(
            names = "--topology",
            paramLabel = "FILE",
            description = "users and nodes of the tailnet, as JSON (docs/how-to/see-what-a-policy-does.md)")
    private @Nullable Path file;

    /**
     * @return empty if none was given
     * @throws BadInputException if the file is no topology
     */
    Optional<Topology> read() {
        return Optional.ofNullable(file).map(Inputs::topology);
    }
}
