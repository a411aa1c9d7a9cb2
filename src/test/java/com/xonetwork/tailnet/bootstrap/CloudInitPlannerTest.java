package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin;
import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin.CloudInitNetwork;
import com.xonetwork.tailnet.machine.Preferences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CloudInitPlannerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static CloudInit wish(CloudInitNetwork network, String... routes) {
        return new CloudInit(
                "net",
                "vm-1",
                new CloudInitJoin(network, "deb [trusted=yes] http://it's.example/ ./"),
                new Preferences(
                        "vm-one",
                        new TreeSet<>(List.of(routes)),
                        false,
                        true,
                        "100.64.0.9",
                        true,
                        true,
                        false,
                        null,
                        Adoption.PLAN,
                        null),
                "https://headscale.example.com",
                "https://xo.example.com",
                List.of("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"));
    }

    private static CloudInit wish(String... routes) {
        return wish(null, routes);
    }

    private static CloudInitRecord record(CloudInit wish, @Nullable Instant used) {
        return new CloudInitRecord(CloudInitFiles.of(wish, "old"), "old", used, "7");
    }

    private static CloudInitPlanner.Plan plan(CloudInit wish, @Nullable CloudInitRecord recorded) {
        return CloudInitPlanner.plan(wish, recorded, () -> "new", NOW);
    }

    private static JsonNode read(String yaml) {
        try {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thereAreFilesAndTheyFollowTheWishUntilTheTokenIsUsed() {
        assertThat(plan(wish(), null).token()).isEqualTo("new");
        assertThat(plan(wish(), record(wish(), null)).files()).isNull();
        var changed = plan(wish("10.0.0.0/24"), record(wish(), null));
        assertThat(changed.token()).as("the token stays").isEqualTo("old");
        assertThat(changed.files()).isEqualTo(CloudInitFiles.of(wish("10.0.0.0/24"), "old"));
    }

    /** Whoever finds old user-data finds nothing that is good for anything. */
    @Test
    void aTokenThatWasNotUsedEndsAndThereAreOtherFiles() {
        var wish = wish();
        var files = CloudInitFiles.of(wish, "old");
        var good = plan(wish, new CloudInitRecord(files, "old", null, NOW.plusSeconds(60), "7"));
        assertThat(good.files()).isNull();
        assertThat(good.lookAgain()).contains(Duration.ofMinutes(1));
        var ended = plan(wish, new CloudInitRecord(files, "old", null, NOW, "7"));
        assertThat(ended.token()).isEqualTo("new");
        assertThat(ended.files()).isEqualTo(CloudInitFiles.of(wish, "new"));
    }

    @Test
    void filesOfAMachineThatIsOnItsWayStayAndThoseOfOneThatNeverCameAreMadeAnew() {
        var plan = plan(wish("10.0.0.0/24"), record(wish(), NOW.minusSeconds(60)));
        assertThat(plan.files()).isNull();
        assertThat(plan.lookAgain()).contains(Duration.ofMinutes(14));
        assertThat(plan(wish(), record(wish(), NOW.minus(CloudInitPlanner.PATIENCE)))
                        .token())
                .isEqualTo("new");
    }

    @Test
    void theTokenIsInUserDataAndNowhereElse() {
        var files = CloudInitFiles.of(wish(), "token-7");
        assertThat(files).containsOnlyKeys("user-data", "meta-data", "network-config");
        assertThat(files.get("user-data")).startsWith("#cloud-config\n").contains("token-7");
        assertThat(files.get("meta-data") + files.get("network-config")).doesNotContain("token-7");
        assertThat(record(wish(), null).toString()).doesNotContain("old");
    }

    @Test
    void theSameWishIsTheSameTextInEveryProcess() {
        assertThat(CloudInitFiles.of(wish(), "t").get("meta-data"))
                .isEqualTo("instance-id: \"net-vm-1\"\nlocal-hostname: \"vm-one\"\n");
        assertThat(CloudInitFiles.of(wish(), "t").get("network-config")).isEqualTo("""
                        network:
                          ethernets:
                            primary:
                              dhcp4: true
                              dhcp6: true
                              match:
                                name: "e*"
                          version: 2
                        """);
    }

    @Test
    void aShellReadsWhatWasMeant() {
        var settings = read(CloudInitFiles.of(wish("10.0.0.0/24", "10.1.0.0/24"), "t")
                        .get("user-data"))
                .at("/write_files/1/content")
                .asText();
        assertThat(settings.lines())
                .contains(
                        "BOOTSTRAP_URL='https://xo.example.com/bootstrap/net/vm-1'",
                        "APT_SOURCE='deb [trusted=yes] http://it'\\''s.example/ ./'",
                        "ADVERTISE_ROUTES='10.0.0.0/24,10.1.0.0/24'",
                        "UNMANAGED_ROUTES='keep'",
                        "EXIT_NODE='100.64.0.9'",
                        "ACCEPT_DNS='false'");
    }

    /** AWS takes 16 KiB of user-data, and a certificate or two are yet to come. */
    @Test
    void userDataFitsWhereLeastIsTaken() {
        assertThat(CloudInitFiles.of(wish(), "0".repeat(64)).get("user-data").getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(14 * 1024);
    }

    @Test
    void theNetworkIsDhcpOrWhatIsSaid() {
        var dhcp = read(CloudInitFiles.of(wish(), "t").get("network-config")).at("/network/ethernets/primary");
        assertThat(dhcp.path("dhcp4").asBoolean()).isTrue();
        assertThat(dhcp.at("/match/name").asText()).isEqualTo("e*");
        var network =
                new CloudInitNetwork("52:54:00:12:34:56", List.of("192.0.2.10/24"), "192.0.2.1", List.of("192.0.2.53"));
        var fixed = read(CloudInitFiles.of(wish(network), "t").get("network-config"))
                .at("/network/ethernets/primary");
        assertThat(fixed.path("dhcp4").asBoolean()).isFalse();
        assertThat(fixed.at("/match/macaddress").asText()).isEqualTo("52:54:00:12:34:56");
        assertThat(fixed.at("/addresses/0").asText()).isEqualTo("192.0.2.10/24");
        assertThat(fixed.at("/routes/0/to").asText()).isEqualTo("default");
        assertThat(fixed.at("/routes/0/via").asText()).isEqualTo("192.0.2.1");
        assertThat(fixed.at("/nameservers/addresses/0").asText()).isEqualTo("192.0.2.53");
    }

    @Test
    void trustedCertificatesAreForTheMachineAndNoneIsNoSetting() {
        var data = read(CloudInitFiles.of(wish(), "t").get("user-data"));
        assertThat(data.at("/ca_certs/trusted/0").asText()).startsWith("-----BEGIN");
        var none = new CloudInit(
                "net", "vm-1", wish().spec(), wish().preferences(), null, "https://xo.example.com", List.of());
        assertThat(read(CloudInitFiles.of(none, "t").get("user-data")).has("ca_certs"))
                .isFalse();
        assertThat(Map.copyOf(CloudInitFiles.of(none, "t")).get("user-data")).contains("LOGIN_SERVER=''");
    }
}
