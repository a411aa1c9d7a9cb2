package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The policy engine with 5,000 nodes and 200 rules: in a JVM that has just started, and in one that runs for long. */
class PolicyBench {

    private static final double MOST_SECONDS = 2;

    @Test
    void compileAndDiff() throws RunnerException {
        var cold = seconds(
                options().mode(Mode.SingleShotTime).forks(5).warmupIterations(0).measurementIterations(1));
        var warm = seconds(options()
                .mode(Mode.AverageTime)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(3))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(3)));
        var sheet = new Sheet(PolicyBench.class);
        var what = "compile and diff, %,d nodes, %d rules, one core, heap of 160 MiB: "
                .formatted(PolicyBenchmark.NODES, PolicyBenchmark.RULES);
        sheet.add(Row.of(Section.POLICY, what + "in a JVM that has just started", "s", cold)
                .goal(MOST_SECONDS));
        sheet.add(Row.of(Section.POLICY, what + "in one that runs for long", "s", warm)
                .goal(MOST_SECONDS));
        assertThat(cold).as("seconds in a JVM that has just started").isLessThanOrEqualTo(MOST_SECONDS);
        assertThat(warm).as("seconds").isLessThanOrEqualTo(MOST_SECONDS);
    }

    private static ChainedOptionsBuilder options() {
        return new OptionsBuilder()
                .include(PolicyBenchmark.class.getName())
                .timeUnit(TimeUnit.SECONDS)
                .shouldFailOnError(true)
                .jvmArgs("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ActiveProcessorCount=1");
    }

    private static double seconds(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).runSingle().getPrimaryResult().getScore();
    }
}
