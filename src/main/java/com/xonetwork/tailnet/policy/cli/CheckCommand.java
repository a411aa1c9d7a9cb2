package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.cli.FileReport.Remark;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy check}: whether the service would take policies, without asking it. */
@Command(
        name = "check",
        description = {
            "Checks whether the service would accept the policies. If not, prints the service's message and the place.",
            "Does not run the tests in them; the command \"test\" does.",
            "Exits 0 if the service would accept all of them, 1 if not, 2 if a file cannot be read."
        })
final class CheckCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "policies (HuJSON)")
    private List<Path> files = List.of();

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
        List<FileReport> reports =
                files.stream().map(file -> check(file, controlPlane.syntax())).toList();
        return FileReport.print(reports, output.format(), spec.commandLine().getOut());
    }

    private static FileReport check(Path file, PolicySyntax syntax) {
        try {
            return validate(file, Policy.read(HuJsonDocument.parse(Inputs.read(file)), syntax), Domains.UNKNOWN);
        } catch (HuJsonSyntaxException e) {
            return unreadable(file, e);
        }
    }

    static FileReport unreadable(Path file, HuJsonSyntaxException e) {
        String place = "line " + e.line() + ", column " + e.column();
        return new FileReport(file, List.of(new Remark(place, e.problem())), List.of());
    }

    static FileReport validate(Path file, Policy policy, Domains domains) {
        Verdict verdict = PolicyValidator.validate(policy, domains);
        List<Remark> findings = new ArrayList<>();
        verdict.findings()
                .forEach(finding -> findings.add(new Remark(policy.describe(finding.span()), finding.message())));
        List<Remark> warnings = new ArrayList<>();
        verdict.warnings()
                .forEach(warning -> warnings.add(new Remark(policy.describe(warning.span()), warning.message())));
        return new FileReport(file, findings, warnings);
    }
}
