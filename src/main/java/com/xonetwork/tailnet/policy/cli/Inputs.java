package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.model.Problem;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyException;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files that commands are given. All methods throw {@link BadInputException} with the file's name and the place. */
final class Inputs {

    private Inputs() {}

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadInputException(file + ": no such file");
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** A policy as far as it can be read; whether the service would take it is another question. */
    static Policy policy(Path file, PolicySyntax syntax) {
        Policy policy;
        try {
            policy = Policy.read(HuJsonDocument.parse(read(file)), syntax);
        } catch (HuJsonSyntaxException e) {
            throw new BadInputException(file + ": " + e.getMessage());
        }
        if (!policy.structural().isEmpty()) {
            Problem problem = policy.structural().getFirst();
            throw new BadInputException(file + ": " + policy.describe(problem.span()) + ": " + problem.message());
        }
        return policy;
    }

    static Topology topology(Path file) {
        try {
            return TopologyReader.read(new String(read(file), StandardCharsets.UTF_8));
        } catch (TopologyException e) {
            throw new BadInputException(file + ": " + e.getMessage());
        }
    }
}
