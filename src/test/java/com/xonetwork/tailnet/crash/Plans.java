package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.crash.ApiServerGate.Passage;
import com.xonetwork.tailnet.scene.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Stories that are told at the same time, each in its own tailnet, so that one crash hits all of them in the middle. */
final class Plans {

    /** Setting: no plan's run waits for those of others. */
    static final String MOST_RUNS = "TAILNET_OPERATOR_RUNS_MOST_AT_ONCE";

    private static final String OWNED = "{\"tagOwners\": {\"tag:db\": [\"autogroup:admin\"]}, \"acls\": []}";

    /** For all of them together: they go on side by side. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Scene scene;
    private final List<Plan> all = new CopyOnWriteArrayList<>();

    Plans(Scene scene) {
        this.scene = scene;
    }

    Plan add(Story story, Trouble trouble) {
        var tailnet = scene.addSimulator();
        tailnet.setPolicyByHand(OWNED);
        // As long as each other, so that none is the beginning of another.
        var plan = new Plan(story, trouble, "plan-%03d".formatted(all.size()), tailnet);
        all.add(plan);
        return plan;
    }

    /** Prepares the plans, and begins them once all are prepared. */
    void begin(List<Plan> plans) {
        plans.forEach(plan -> plan.prepare(scene));
        plans.forEach(plan -> plan.awaitPrepared(scene));
        plans.forEach(plan -> plan.begin(scene));
    }

    /** For the gate to the API server. */
    Passage passage(KubernetesWrite write) {
        return all.stream()
                .filter(plan -> write.mentions(plan.name()))
                .findFirst()
                .map(plan -> plan.passage(write))
                .orElse(Passage.THROUGH);
    }

    /** Waits until each plan has passed the check once; says which did not. */
    void await(List<Plan> plans, Consumer<Plan> check) {
        var left = new ArrayList<>(plans);
        scene.soon().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            left.removeIf(plan -> failure(plan, check).isEmpty());
            assertThat(failures(left, check)).isEmpty();
        });
    }

    /** One line for each plan that does not pass. */
    static List<String> failures(List<Plan> plans, Consumer<Plan> check) {
        return plans.stream().flatMap(plan -> failure(plan, check).stream()).toList();
    }

    private static Optional<String> failure(Plan plan, Consumer<Plan> check) {
        try {
            check.accept(plan);
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(plan + ": " + e.getMessage());
        }
    }

    /** Lets polls of the first plan's tailnet go by: whatever may still change has changed. */
    void settle() {
        scene.letPollsGoBy(all.getFirst().tailnet(), 4);
    }
}
