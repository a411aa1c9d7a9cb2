package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.cli.FileReport.Remark;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.tests.PolicyTests;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.validate.Domains;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy test}: runs the tests that policies bring along, as the service does when a policy is set. */
@Command(
        name = "test",
        description = {
            "Runs the tests and sshTests of the policies as the service does before it accepts one.",
            "Without --topology, each user and tag is tried as if it had one machine.",
            "Exits 0 if all pass, 1 if one fails or the service would refuse a policy, 2 if a file cannot be read."
        })
final class TestCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "policies (HuJSON)")
    private List<Path> files = List.of();

    @Mixin
    private TopologyOption topology = new TopologyOption();

    @Mixin
    private ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private HelpOption help = new HelpOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Topology tailnet = topology.read().orElse(Topology.EMPTY);
        List<FileReport> reports = files.stream()
                .map(file -> test(file, tailnet, controlPlane.syntax()))
                .toList();
        return FileReport.print(reports, output.format(), spec.commandLine().getOut());
    }

    private static FileReport test(Path file, Topology tailnet, PolicySyntax syntax) {
        Policy policy;
        try {
            policy = Policy.read(HuJsonDocument.parse(Inputs.read(file)), syntax);
        } catch (HuJsonSyntaxException e) {
            return CheckCommand.unreadable(file, e);
        }
        FileReport validation = CheckCommand.validate(file, policy, Domains.UNKNOWN);
        if (!validation.findings().isEmpty()) {
            return validation;
        }
        List<Remark> failures = PolicyTests.run(policy, new CompiledPolicy(policy, tailnet)).stream()
                .map(failure -> new Remark(
                        policy.describe(failure.span()),
                        (failure.source().isEmpty() ? "" : failure.source() + ": ")
                                + String.join("; ", failure.errors())))
                .toList();
        return new FileReport(file, failures, validation.warnings());
    }
}
