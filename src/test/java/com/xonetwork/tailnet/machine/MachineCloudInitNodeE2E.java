package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.kube.SecretData;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A real cloud-init brings a machine in that nobody can log in to. Needs {@code -Dcluster=node}. */
@RunningOperator
@RealTailnet
class MachineCloudInitNodeE2E extends MachinesOnNode {

    private static final String SEED = "/var/lib/cloud/seed/nocloud/";

    @Test
    void aMachineBringsItselfInAtItsFirstBoot(Scene scene, TailnetUnderTest tailnet) {
        scene.awaitReady(Tailnet.class, "home");
        var vm = closedMachine("vm");
        scene.node(vm, """
                hostname: %1$s
                tags: ["tag:web"]
                join:
                  cloudInit:
                    aptSource: "%2$s"
                    network: {addresses: [%3$s/24], gateway: %4$s, nameservers: [%4$s]}
                preferences: {acceptRoutes: true, acceptDns: false}
                """.formatted(vm, node.aptSource(), node.addressOf(vm), node.hostAddress()));
        scene.soon().until(() -> scene.find(Secret.class, vm + "-cloud-init").isPresent());
        var files = scene.get(Secret.class, vm + "-cloud-init").getData();
        for (var file : new String[] {"user-data", "meta-data", "network-config"}) {
            inVm(vm, "mkdir -p " + SEED + " && echo " + files.get(file) + " | base64 -d >" + SEED + file);
        }
        assertThat(inVm(vm, "cloud-init schema --config-file " + SEED + "user-data"))
                .contains("Valid cloud-config");
        inVm(
                vm,
                "mkdir -p /tmp/root/etc/netplan && cp " + SEED + "network-config /tmp/root/etc/netplan/50.yaml"
                        + " && netplan generate --root-dir /tmp/root");
        assertThat(inVm(vm, "cat /tmp/root/run/systemd/network/*"))
                .contains("Address=" + node.addressOf(vm) + "/24", "Gateway=" + node.hostAddress());

        var booted = Instant.now();
        // The testbed has given it its network already, and has no locales to generate.
        inVm(
                vm,
                "printf 'datasource_list: [NoCloud]\\nnetwork: {config: disabled}\\nlocale: false\\n'"
                        + " >/etc/cloud/cloud.cfg.d/99-testbed.cfg");
        inVm(
                vm,
                "cloud-init init --local && cloud-init init && cloud-init modules --mode=config"
                        + " && cloud-init modules --mode=final");
        awaitReady(scene, vm);
        tell("a machine has brought itself in", booted);

        assertOneDevice(tailnet, vm);
        assertThat(tailnet.machine(vm).orElseThrow().tags()).containsExactly("tag:web");
        assertThat(inVm(vm, "tailscale debug prefs")).contains("\"RouteAll\": true", "\"CorpDNS\": false");
        assertThat(inVm(vm, "ls /run/xo-tailnet")).doesNotContain("token", "key");
        assertThat(scene.list(AutomationRun.class)).isEmpty();
        assertThat(fetchedAgain(scene, vm, SecretData.text(files, "token"))).contains("403");
    }

    private String fetchedAgain(Scene scene, String vm, String token) {
        var url = scene.operator().process().api() + "/bootstrap/"
                + scene.cluster().namespace() + "/" + vm;
        return inVm(vm, """
                python3 - <<'PYTHON'
                import urllib.error, urllib.request
                request = urllib.request.Request("%s", data=b"", headers={"Authorization": "Bearer %s"})
                try:
                    print(urllib.request.urlopen(request).status)
                except urllib.error.HTTPError as error:
                    print(error.code)
                PYTHON
                """.formatted(url, token));
    }

    private String inVm(String vm, String script) {
        return node.inMachine(vm, "sh", "-c", script).orFail().stdout();
    }
}
