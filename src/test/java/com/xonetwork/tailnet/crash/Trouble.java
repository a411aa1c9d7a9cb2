package com.xonetwork.tailnet.crash;

import com.xonetwork.tailnet.crash.ApiServerGate.Passage;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a plan.
 *
 * @param what for messages
 * @param isCrash the operator dies of it: it ends with the operator
 * @param kubernetesWrite the write to the API server it happens at, from 1; 0 for one to the control plane
 * @param passage of that write
 * @param isActing the control plane carries out what it does not answer
 * @param switchOn of the control plane's fault
 */
record Trouble(
        String what,
        boolean isCrash,
        int kubernetesWrite,
        Passage passage,
        boolean isActing,
        Function<TailnetSimulator, @Nullable Fault> switchOn) {

    static final Trouble NONE = fault("undisturbed", unused -> null);

    static Trouble beforeKubernetesWrite(int number, String write) {
        return crash("killed before " + number + ", " + write, number, Passage.NEVER, false, unused -> null);
    }

    static Trouble afterKubernetesWrite(int number, String write) {
        return crash("killed after " + number + ", " + write, number, Passage.WITHOUT_ANSWER, false, unused -> null);
    }

    /** @param repetition of the same operation, from 0 */
    static Trouble beforeCall(String operation, int repetition) {
        return crash(
                "killed before " + nth(operation, repetition),
                0,
                Passage.THROUGH,
                false,
                tailnet ->
                        tailnet.faults().on(operation).after(repetition).once().hang());
    }

    static Trouble afterCall(String operation, int repetition) {
        return crash(
                "killed after " + nth(operation, repetition),
                0,
                Passage.THROUGH,
                true,
                tailnet ->
                        tailnet.faults().on(operation).after(repetition).once().actThenHang());
    }

    /** No two plans of a story have the same name. */
    private static String nth(String operation, int repetition) {
        return repetition == 0 ? operation : operation + " " + (repetition + 1);
    }

    static Trouble fault(String what, Function<TailnetSimulator, @Nullable Fault> switchOn) {
        return new Trouble(what, false, 0, Passage.THROUGH, false, switchOn);
    }

    private static Trouble crash(
            String what,
            int write,
            Passage passage,
            boolean isActing,
            Function<TailnetSimulator, @Nullable Fault> switchOn) {
        return new Trouble(what, true, write, passage, isActing, switchOn);
    }

    boolean isAt(int write) {
        return kubernetesWrite == write;
    }

    @Nullable
    Fault fault(TailnetSimulator tailnet) {
        return switchOn.apply(tailnet);
    }
}
