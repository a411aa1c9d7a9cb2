package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.captures.Capture;
import com.xonetwork.tailnet.policy.captures.Comparison;
import com.xonetwork.tailnet.policy.captures.Score;
import com.xonetwork.tailnet.policy.tests.PolicyJudgement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy captures}: measures the engine against what the live service answered. */
@Command(
        name = "captures",
        description = {
            "Runs the engine over a folder of captures (*.jsonl) and prints, for each file and in total, how many of the"
                    + " service's answers it reproduces: accept or reject; the message of a refused policy; for an accepted"
                    + " policy, the packet filter and the SSH rules of each captured node, including nodes without rules.",
            "Rules are sorted before they are compared. Packet filters are sorted completely. Of SSH rules only the principals"
                    + " are sorted, because the first match counts. Exits 0 whatever the score."
        })
final class CapturesCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "the folder with the *.jsonl files")
    private Path directory = Path.of(".");

    @Option(
            names = "--show",
            paramLabel = "ID",
            description = "print the policy and the difference of one case instead")
    private String show = "";

    @Mixin
    private HelpOption help = new HelpOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean shown = false;
        Score total = Score.NONE;
        for (Path file : files()) {
            List<Comparison> comparisons = new ArrayList<>();
            for (Capture capture : captures(file)) {
                if (show.isEmpty() || capture.id().equals(show)) {
                    comparisons.add(Comparison.of(capture, PolicyJudgement::of));
                }
            }
            if (show.isEmpty()) {
                Score score = Score.of(comparisons);
                score.lines(file.getFileName().toString()).forEach(out::println);
                total = total.plus(score);
            } else {
                comparisons.forEach(comparison -> print(comparison, out));
                shown |= !comparisons.isEmpty();
            }
        }
        if (show.isEmpty()) {
            total.lines("total").forEach(out::println);
        } else if (!shown) {
            throw new BadInputException("there is no case " + show);
        }
        out.flush();
        return PolicyTool.FINE;
    }

    private static void print(Comparison comparison, PrintWriter out) {
        out.println(comparison.capture().id());
        out.println(comparison.capture().policy());
        List<String> differences = comparison.differences();
        differences.forEach(out::println);
        if (differences.isEmpty()) {
            out.println("identical: "
                    + (comparison.answer().accepted()
                            ? "accepted, " + comparison.nodes().size() + " nodes"
                            : "rejected: " + comparison.answer().message()));
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new BadInputException(directory + ": no *.jsonl files");
            }
            return found;
        } catch (IOException e) {
            throw new BadInputException(directory + ": cannot be read as a folder");
        }
    }

    private static List<Capture> captures(Path file) {
        List<Capture> captures = new ArrayList<>();
        int number = 0;
        for (String line : new String(Inputs.read(file), StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            if (!line.isBlank()) {
                try {
                    captures.add(Capture.parse(line));
                } catch (IllegalArgumentException e) {
                    throw new BadInputException(file + ", line " + number + ": " + e.getMessage());
                }
            }
        }
        return captures;
    }
}
