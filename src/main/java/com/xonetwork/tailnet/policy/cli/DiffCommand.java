package com.xonetwork.tailnet.policy.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.reach.Endpoints;
import com.xonetwork.tailnet.policy.reach.Reach;
import com.xonetwork.tailnet.policy.reach.ReachChange;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy diff}: what a change of policy gives and takes. */
@Command(
        name = "diff",
        description = {
            "Lists who gains and who loses access when AFTER replaces BEFORE. All rules count together: removing a rule is"
                    + " no loss if another rule allows the same.",
            "With --topology, machines to which the same rules apply are one line: \"tag:web gains tcp 5432 on tag:db"
                    + " (3 → 2 machines)\". Without it, the policies are tried with one machine for each tag, user and address.",
            "TCP and UDP rules allow pings too. Pings are listed only where they change alone.",
            "Exits 0 if no access changes, 1 if some does, 2 if a file cannot be read."
        })
final class DiffCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "BEFORE", description = "the policy that is in force now (HuJSON)")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "the policy that replaces it (HuJSON)")
    private Path after = Path.of("");

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
        Policy old = Inputs.policy(before, controlPlane.syntax());
        Policy now = Inputs.policy(after, controlPlane.syntax());
        List<ReachChange> changes =
                topology.read().map(known -> Reach.diff(old, now, known)).orElseGet(() -> Reach.diff(old, now));
        PrintWriter out = spec.commandLine().getOut();
        if (output.format() == OutputFormat.JSON) {
            out.println(json(changes).toPrettyString());
        } else {
            changes.forEach(out::println);
            out.println(summary(changes));
        }
        out.flush();
        return changes.isEmpty() ? PolicyTool.FINE : PolicyTool.FINDING;
    }

    private static String summary(List<ReachChange> changes) {
        if (changes.isEmpty()) {
            return "no change";
        }
        long gains = changes.stream().filter(ReachChange::gained).count();
        long losses = changes.size() - gains;
        return gains + (gains == 1 ? " gain, " : " gains, ") + losses + (losses == 1 ? " loss" : " losses");
    }

    private static ObjectNode json(List<ReachChange> changes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("gains", changes.stream().filter(ReachChange::gained).count());
        json.put("losses", changes.stream().filter(change -> !change.gained()).count());
        ArrayNode all = json.putArray("changes");
        for (ReachChange change : changes) {
            ObjectNode one = all.addObject();
            one.put("change", change.gained() ? "gain" : "loss");
            one.set("from", json(change.from()));
            one.set("to", json(change.to()));
            ObjectNode ports = one.putObject("ports");
            change.traffic()
                    .byProtocol()
                    .forEach((protocol, ranges) -> ranges.forEach(ports.withArrayProperty(protocol)::add));
            change.traffic().capabilities().forEach(one.putArray("capabilities")::add);
            one.put("text", change.toString());
        }
        return json;
    }

    private static ObjectNode json(Endpoints endpoints) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        endpoints.names().forEach(json.putArray("names")::add);
        if (endpoints.machines() != Endpoints.UNCOUNTED) {
            json.put("machines", endpoints.machines());
        }
        return json;
    }
}
