package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.reach.LargeTailnet;
import com.xonetwork.tailnet.policy.reach.Reach;
import com.xonetwork.tailnet.policy.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What the policy engine does before a publication, for a large tailnet. Started by {@link PolicyBench}. */
@State(Scope.Benchmark)
public class PolicyBenchmark {

    static final int NODES = 5_000;
    static final int RULES = 200;
    private static final long MOST_KIB = 256 * 1024;

    private final LargeTailnet tailnet = new LargeTailnet(NODES, RULES);
    private final Topology topology = tailnet.topology();
    private final String before = tailnet.policy(0);
    private final String after = tailnet.policy(10);

    /** Reads both texts, compiles the packet filter and SSH rules of every node, and says what the change does. */
    @Benchmark
    public void compileAndDiff(Blackhole sink) {
        var now = Policy.parse(before);
        var next = Policy.parse(after);
        var compiled = new CompiledPolicy(next, new TopologyIndex(topology));
        for (int node = 0; node < NODES; node++) {
            sink.consume(compiled.packetFilter(node));
            sink.consume(compiled.sshRules(node));
        }
        sink.consume(Reach.diff(now, next, topology));
    }

    /** The whole process at its biggest, the JVM and the benchmark's own parts included. */
    @TearDown(Level.Trial)
    public void size() throws IOException {
        var most = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        System.out.println("most resident memory: " + most / 1024 + " MiB (bound 256)");
        if (most > MOST_KIB) {
            throw new IllegalStateException("too big: " + most / 1024 + " MiB");
        }
    }
}
