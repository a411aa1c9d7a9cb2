package com.xonetwork.tailnet.crash;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.crash.ApiServerGate.Passage;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One telling of one story. When its {@link Trouble} is a crash, the plan stands still from the chosen write on: until the
 * operator is dead nothing more of what it does here has an effect, on the API server or the control plane.
 */
final class Plan {

    private final Story story;
    private final Trouble trouble;
    private final String name;
    private final TailnetSimulator tailnet;
    private final List<SimDevice> devices;

    private final List<String> kubernetesWrites = new ArrayList<>();
    private final Set<String> made = new HashSet<>();
    private boolean counting;
    private boolean inTrouble;
    private int ledgerMark;
    private @Nullable Fault fault;
    private @Nullable KubernetesWrite held;

    Plan(Story story, Trouble trouble, String name, TailnetSimulator tailnet) {
        this.story = story;
        this.trouble = trouble;
        this.name = name;
        this.tailnet = tailnet;
        story.furnish(name, tailnet);
        this.devices = List.copyOf(tailnet.devices());
    }

    String name() {
        return name;
    }

    Story story() {
        return story;
    }

    Trouble trouble() {
        return trouble;
    }

    TailnetSimulator tailnet() {
        return tailnet;
    }

    void prepare(Scene scene) {
        if (story != Story.CONNECT) {
            scene.tailnetAt(tailnet.url(), name, story.tailnet());
        }
        story.prepare(scene, name);
    }

    void awaitPrepared(Scene scene) {
        if (story != Story.CONNECT) {
            story.awaitPrepared(scene, name);
        }
    }

    void begin(Scene scene) {
        synchronized (this) {
            ledgerMark = tailnet.ledger().mark();
            counting = true;
            inTrouble = true;
            fault = trouble.fault(tailnet);
        }
        story.begin(scene, name, tailnet);
    }

    /** What becomes of a write to the API server that is about this plan. */
    synchronized Passage passage(KubernetesWrite write) {
        if (inTrouble && trouble.isCrash() && (held != null || isHitByFault())) {
            return Passage.NEVER;
        }
        if (!counting) {
            return Passage.THROUGH;
        }
        var passage = Passage.THROUGH;
        if (inTrouble && trouble.isAt(kubernetesWrites.size() + 1)) {
            held = write;
            tailnet.faults().onAll().untilCleared().hang();
            passage = trouble.passage();
        }
        // What was made is refused when it is made again, as after a look into a cache that has not seen it yet: that
        // changes
        // nothing. The same goes for an Event that is told again.
        if (passage != Passage.NEVER) {
            write.deletes().ifPresent(made::remove);
            if (write.makes().map(made::add).orElse(true)) {
                kubernetesWrites.add(write.what(name));
            }
        }
        return passage;
    }

    private boolean isHitByFault() {
        return fault != null && fault.hits() > 0;
    }

    /** It stands still at the write that was meant. */
    synchronized boolean isStill() {
        return held == null ? isHitByFault() : trouble.passage() == Passage.NEVER || held.isAnswered();
    }

    /** The API server never saw this write, for the operator was killed before it. */
    synchronized boolean isKeptFrom(String write) {
        return held != null
                && trouble.passage() == Passage.NEVER
                && held.what(name).equals(write);
    }

    /** The operator is dead, or the fault over. */
    synchronized void endTrouble() {
        inTrouble = false;
        tailnet.faults().clear();
    }

    /** Writes to the API server since the story began that it saw. */
    synchronized List<String> kubernetesWrites() {
        return List.copyOf(kubernetesWrites);
    }

    /** Writes to the control plane since the story began that it answered, or carried out without an answer. */
    synchronized List<String> controlPlaneWrites() {
        var writes = new ArrayList<>(tailnet.ledger().writesSince(ledgerMark).stream()
                .filter(call -> call.status() != 0)
                .map(SimCall::operation)
                .toList());
        if (trouble.isActing() && isHitByFault()) {
            writes.add("the one without an answer");
        }
        return writes;
    }

    int writes() {
        return kubernetesWrites().size() + controlPlaneWrites().size();
    }

    /** Devices that were there in the beginning, are gone, and were not to go. */
    List<String> lostDevices() {
        return devices.stream()
                .filter(device -> !story.mayGo(device))
                .map(SimDevice::nodeId)
                .filter(id -> tailnet.device(id).isEmpty())
                .toList();
    }

    /** All that there is in the end, without names, times and ids. */
    String state(Scene scene) {
        var lines = new TreeSet<String>();
        Kinds.ALL.stream()
                .filter(kind -> kind.type() != AutomationRun.class)
                .forEach(kind -> add(lines, scene, kind.type()));
        add(lines, scene, Secret.class);
        // The names of runs follow from what they are for, down to UIDs.
        Seen.runs(scene, name).forEach(run -> lines.add("run " + RunPhase.of(run.getStatus())));
        for (var device : tailnet.devices()) {
            lines.add("device " + device.name() + " " + new TreeSet<>(device.tags()) + " authorized "
                    + device.authorized() + " expiry off " + device.keyExpiryDisabled() + " routes "
                    + new TreeSet<>(device.enabledRoutes()));
        }
        lines.add("live keys: " + Seen.liveKeys(tailnet).size());
        return String.join("\n", lines).replace(name, "NAME");
    }

    private <R extends HasMetadata> void add(TreeSet<String> lines, Scene scene, Class<R> kind) {
        scene.list(kind).stream()
                .filter(resource -> resource.getMetadata().getName().contains(name))
                .map(resource -> kind.getSimpleName() + " "
                        + resource.getMetadata().getName() + " finalizers "
                        + resource.getMetadata().getFinalizers() + " "
                        + new TreeSet<>(scene.conditions(resource).stream()
                                .map(condition ->
                                        condition.type() + "=" + condition.status() + "/" + condition.reason())
                                .toList()))
                .forEach(lines::add);
    }

    @Override
    public String toString() {
        return title(story, trouble) + " (" + name + ")";
    }

    /** What it is, whichever its number. */
    static String title(Story story, Trouble trouble) {
        return story + ", " + trouble.what();
    }
}
