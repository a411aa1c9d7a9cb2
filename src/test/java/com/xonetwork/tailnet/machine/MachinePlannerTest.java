package com.xonetwork.tailnet.machine;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachinePlannerTest {

    private static final SshJoin SSH = ssh("10.0.0.7");

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private Mode mode = Mode.ENFORCE;
    private @Nullable Device device;
    private @Nullable String keyId;
    private boolean keyIsTaken;
    private boolean keepUnmanaged;
    private Adoption adopt = Adoption.PLAN;
    private SshJoin ssh = SSH;
    private final TreeSet<String> routes = new TreeSet<>();
    private final List<AutomationRun> runs = new ArrayList<>();

    private static SshJoin ssh(String address) {
        return new SshJoin(address, 22, "root", new KeyRef("ssh", "id"), null, HostKeyPolicy.TRUST_ON_FIRST_USE, null);
    }

    private MachinePlan plan() {
        var joined = device == null
                ? Fact.no(ConditionType.JOINED, Reason.DEVICE_NOT_FOUND, "no device")
                : Fact.yes(ConditionType.JOINED, Reason.JOINED, "device");
        var preferences =
                new Preferences("web-1", routes, false, keepUnmanaged, null, null, null, null, null, adopt, null);
        return MachinePlanner.plan(new MachineInput(
                TestNode.node("web-1").ssh(ssh.address()).build(),
                ssh,
                new KeyRef("web-1-join", "authkey"),
                mode,
                joined,
                device,
                keyId,
                keyIsTaken,
                preferences,
                Map.of(),
                Duration.ofSeconds(1),
                runs.reversed(),
                now));
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fd00:ec2::254", "2002:a9fe:a9fe::1"})
    void nothingIsDoneOnAMachineAtAnAddressThatNothingConnectsTo(String address) {
        ssh = ssh(address);
        keyId = "k1";
        assertThat(plan().start()).isEmpty();
        assertThat(plan().fact())
                .returns(Reason.INVALID, Fact::reason)
                .satisfies(fact -> assertThat(fact.message())
                        .contains("spec.join.ssh.address " + address, "Give the machine's own address"));
        ssh = SSH;
        assertThat(plan().start()).isPresent();
    }

    private AutomationRun starts() {
        var order = plan().start().orElseThrow();
        var before = runs.isEmpty() ? null : runs.getLast();
        var run = MachineTemplates.run(TestNode.node("web-1").ssh(ssh.address()).build(), order, before, 1);
        assertThat(runs)
                .as("a name of its own")
                .noneMatch(other ->
                        other.getMetadata().getName().equals(run.getMetadata().getName()));
        run.getMetadata().setCreationTimestamp(now.toString());
        runs.add(run);
        return run;
    }

    private void ends(RunPhase phase) {
        TestRun.comesTo(phase, runs.getLast(), now);
    }

    private void joins() {
        keyId = "k1";
        starts();
        ends(RunPhase.SUCCEEDED);
        keyId = null;
        device = device("1", "web-1").build();
    }

    private Reason reason() {
        return plan().fact().reason();
    }

    @Test
    void aMachineJoinsWhenThereIsAKeyOnceForEachKey() {
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.PENDING);
        keyId = "k1";
        assertThat(starts().getSpec().templateRef().name()).isEqualTo("web-1-join");
        assertThat(plan().start()).as("it is under way").isEmpty();
        assertThat(reason()).isEqualTo(Reason.PROGRESSING);
    }

    @Test
    void itDoesNotJoinBesideARemedyThatLogsIn() {
        keyId = "k1";
        keyIsTaken = true;
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.PROGRESSING);
        keyIsTaken = false;
        assertThat(plan().start()).isPresent();
    }

    @Test
    void whatFailedIsTriedAgainLaterAndLater() {
        keyId = "k1";
        for (var wait : new int[] {30, 60, 120}) {
            starts();
            ends(RunPhase.FAILED);
            now = now.plusSeconds(wait - 1);
            assertThat(plan().start()).as("after %d s", wait - 1).isEmpty();
            assertThat(reason()).isEqualTo(Reason.RETRYING);
            assertThat(plan().lookAgain()).contains(Duration.ofSeconds(1));
            now = now.plusSeconds(1);
        }
        keyId = "k2";
        assertThat(plan().start()).as("another key is another wish").isPresent();
    }

    @Test
    void afterTheJoinNothingIsToDo() {
        joins();
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.IN_SYNC);
    }

    @Test
    void onlyAMachineThatWasThereLogsInAnew() {
        keyId = "k1";
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.JOIN);
        joins();
        device = null;
        keyId = "k2";
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.REJOIN);
    }

    /** The device shows in the list a poll later: to log in anew is the same wish, which waits like any that was in vain. */
    @Test
    void aMachineThatHasJustJoinedDoesNotLogInAnewAtOnce() {
        keyId = "k1";
        starts();
        ends(RunPhase.SUCCEEDED);
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.RETRYING);
        now = now.plusSeconds(30);
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.REJOIN);
    }

    @Test
    void anotherWishOrAnotherPlaceIsAnotherRun() {
        joins();
        routes.add("192.168.50.0/24");
        assertThat(plan().fact().message()).contains("advertises [], wanted [192.168.50.0/24]");
        assertThat(starts().getSpec().templateRef().name()).isEqualTo("web-1-machine");
        ends(RunPhase.SUCCEEDED);
        device = device("1", "web-1").advertises("192.168.50.0/24").build();
        assertThat(reason()).isEqualTo(Reason.IN_SYNC);
        ssh = ssh("10.0.0.8");
        assertThat(starts().getSpec().targets().nodes().getFirst().address())
                .as("the node says where")
                .isNull();
    }

    @Test
    void whatSomebodyChangedOnTheMachineIsPutBack() {
        joins();
        device = device("1", "web-1").advertises("10.0.0.0/8").build();
        assertThat(plan().start()).isPresent();
    }

    @Test
    void whatAMachineAdvertisesBesideIsLeft() {
        joins();
        keepUnmanaged = true;
        routes.add("192.168.50.0/24");
        starts();
        ends(RunPhase.SUCCEEDED);
        device = device("1", "web-1")
                .advertises("192.168.50.0/24", "10.0.0.0/8", "0.0.0.0/0", "::/0")
                .build();
        assertThat(reason()).isEqualTo(Reason.IN_SYNC);
        device = device("1", "web-1").advertises("10.0.0.0/8").build();
        now = now.plusSeconds(3600);
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.CONFIGURE);
    }

    /** Somebody has set it up before the operator met it. */
    private void isMet(Map<String, String> outputs) {
        device = device("1", "web-1").advertises("0.0.0.0/0", "::/0").build();
        assertThat(starts().getSpec().parameters().toString()).isEqualTo("{\"tailscale_action\":\"plan\"}");
        TestRun.saying(outputs, 0, RunPhase.SUCCEEDED, runs.getLast(), now);
    }

    @Test
    void aMachineThatWasThereBeforeIsNotChangedUntilAHumanSaysSo() {
        isMet(Map.of("device", "1", "note", "ssh: true -> false"));
        now = now.plusSeconds(3600);
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.ADOPTION_PLANNED);
        assertThat(plan().fact().message())
                .contains("nothing was changed")
                .contains("ssh: true -> false")
                .contains("set spec.preferences.adopt to Apply");
        adopt = Adoption.APPLY;
        assertThat(starts().getSpec().parameters().toString()).isEqualTo("{\"tailscale_action\":\"configure\"}");
    }

    @Test
    void anotherWishIsAnotherPlan() {
        isMet(Map.of("device", "1", "note", "ssh: true -> false"));
        routes.add("192.168.50.0/24");
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.PLAN);
    }

    @Test
    void aMachineThatIsAsWantedAlreadyNeedsNoHuman() {
        isMet(Map.of("device", "1"));
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.CONFIGURE);
    }

    /** A runner that says nothing is no permission. */
    @Test
    void aPlanThatSaysNothingIsNotTakenForOneWithoutChanges() {
        isMet(Map.of());
        assertThat(plan().start()).isEmpty();
        assertThat(plan().fact().message()).contains("did not report what it would change");
    }

    /** The join went wrong after the login: the machine is the operator's own work. */
    @Test
    void aMachineThatTheOperatorHasBegunToSetNeedsNoPlan() {
        keyId = "k1";
        starts();
        TestRun.saying(Map.of(), 2, RunPhase.FAILED, runs.getLast(), now);
        device = device("1", "web-1").build();
        now = now.plusSeconds(3600);
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.CONFIGURE);
    }

    @Test
    void aJoinThatWasRefusedIsNoFirstContact() {
        keyId = "k1";
        starts();
        TestRun.saying(Map.of(), 0, RunPhase.FAILED, runs.getLast(), now);
        device = device("1", "web-1").build();
        now = now.plusSeconds(3600);
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.PLAN);
        device = null;
        adopt = Adoption.APPLY;
        assertThat(plan().start().orElseThrow().action()).isEqualTo(MachineAction.ADOPT);
    }

    @Test
    void anOfflineMachineIsTriedOnce() {
        joins();
        device = device("1", "web-1").offline().build();
        routes.add("192.168.50.0/24");
        starts();
        ends(RunPhase.UNREACHABLE);
        now = now.plusSeconds(3600);
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.OFFLINE);
    }

    @Test
    void inModeObserveItIsOnlyTold() {
        mode = Mode.OBSERVE;
        keyId = "k1";
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.DIFFERS);
        device = device("1", "web-1").build();
        assertThat(plan().start()).as("not even to look").isEmpty();
        assertThat(reason()).isEqualTo(Reason.DIFFERS);
    }

    @Test
    void noKeyAndNoSecretIsInARun() {
        keyId = "tskey-auth-secret";
        var run = starts();
        assertThat(String.valueOf(run.getSpec())).doesNotContain("tskey-auth-secret");
    }

    @Test
    void allDifferencesThatAreSeenAreTold() {
        joins();
        routes.add("192.168.1.0/24");
        starts();
        ends(RunPhase.SUCCEEDED);
        device = device("1", "other-name").build();
        now = now.plusSeconds(3600);
        assertThat(plan().fact().message()).contains("advertises").contains("the machine's host name is ");
        device = device("1", "web-1").advertises("192.168.1.0/24").build();
        assertThat(reason()).isEqualTo(Reason.IN_SYNC);
    }

    @Test
    void aRunSaysTheActionAndNothingElse() {
        keyId = "k1";
        routes.add("192.168.1.0/24");
        var run = starts();
        assertThat(run.getSpec().parameters().toString()).isEqualTo("{\"tailscale_action\":\"join\"}");
        assertThat(run.getSpec().targets().nodes())
                .containsExactly(new RunTargets.Target("web-1", null, null, null, null));
        assertThat(run.getMetadata().getAnnotations()).containsEntry("tailnet.xo-network.com/template-generation", "1");
    }

    /** What the run's ID says is not what it did. */
    @Test
    void aRunThatFoundANewerTemplateThanItWasOrderedWithIsFollowedByAnother() {
        joins();
        routes.add("192.168.1.0/24");
        starts();
        TestRun.withTemplate(2, RunPhase.SUCCEEDED, runs.getLast(), now);
        device = device("1", "web-1").advertises("192.168.1.0/24").build();
        now = now.plusSeconds(3600);
        assertThat(starts().getSpec().templateRef().name()).isEqualTo("web-1-machine");
        TestRun.withTemplate(1, RunPhase.SUCCEEDED, runs.getLast(), now);
        assertThat(reason()).isEqualTo(Reason.IN_SYNC);
    }

    @Test
    void aRunThatWaitsForAGenerationThatIsGoneWaitsInVain() {
        keyId = "k1";
        var run = starts();
        assertThat(MachineOrder.waitsInVain(run, 0))
                .as("the template was made anew")
                .isTrue();
        assertThat(MachineOrder.waitsInVain(run, 1)).isFalse();
        assertThat(MachineOrder.waitsInVain(run, 2)).isFalse();
        ends(RunPhase.SUCCEEDED);
        assertThat(MachineOrder.waitsInVain(run, 0)).as("it has ended").isFalse();
    }

    @Test
    void whatFitsIntoNoTemplateIsSaid() {
        for (var i = 0; i < 2_000; i++) {
            routes.add("10." + i / 256 + "." + i % 256 + ".0/24");
        }
        keyId = "k1";
        assertThat(plan().start()).isEmpty();
        assertThat(reason()).isEqualTo(Reason.INVALID);
        assertThat(plan().fact().message()).contains("2000 routes").contains("At most");
    }
}
