package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.controlplane.Device;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Builds a {@link Device}: an approved, connected Linux machine without tags. */
public final class TestDevice {

    private final String id;
    private String legacyId;
    private String name;
    private String hostname;
    private List<String> addresses = List.of("100.64.0.1", "fd7a:115c:a1e0::1");
    private String os = "linux";
    private SortedSet<String> tags = new TreeSet<>();
    private String user;
    private boolean authorized = true;
    private boolean connected = true;
    private boolean keyExpiryDisabled;
    private Instant expires;
    private Instant lastSeen;
    private Instant created;
    private boolean external;
    private boolean ephemeral;
    private SortedSet<String> advertised = new TreeSet<>();
    private SortedSet<String> enabled = new TreeSet<>();
    private SortedSet<String> served;

    private TestDevice(String id, String name) {
        this.id = id;
        this.name = name;
        this.hostname = name;
    }

    public static TestDevice device(String id, String name) {
        return new TestDevice(id, name);
    }

    /** A device whose name and id are of no interest beyond being its own. */
    public static Device plain(String id) {
        return device(id, "host-" + id).build();
    }

    public TestDevice legacyId(String value) {
        legacyId = value;
        return this;
    }

    public TestDevice hostname(String value) {
        hostname = value;
        return this;
    }

    public TestDevice addresses(String... values) {
        addresses = List.of(values);
        return this;
    }

    public TestDevice os(String value) {
        os = value;
        return this;
    }

    public TestDevice tags(String... values) {
        tags = new TreeSet<>(List.of(values));
        return this;
    }

    public TestDevice user(String login) {
        user = login;
        return this;
    }

    public TestDevice waiting() {
        authorized = false;
        return this;
    }

    public TestDevice offline() {
        connected = false;
        return this;
    }

    public TestDevice keyNeverExpires() {
        keyExpiryDisabled = true;
        return this;
    }

    public TestDevice expires(Instant at) {
        expires = at;
        return this;
    }

    public TestDevice lastSeen(Instant at) {
        lastSeen = at;
        return this;
    }

    public TestDevice created(Instant at) {
        created = at;
        return this;
    }

    public TestDevice external() {
        external = true;
        return this;
    }

    public TestDevice ephemeral() {
        ephemeral = true;
        return this;
    }

    public TestDevice advertises(String... cidrs) {
        advertised = new TreeSet<>(List.of(cidrs));
        return this;
    }

    public TestDevice approvedFor(String... cidrs) {
        enabled = new TreeSet<>(List.of(cidrs));
        return this;
    }

    /** Advertised and approved. */
    public TestDevice routes(String... cidrs) {
        return advertises(cidrs).approvedFor(cidrs);
    }

    /** What the control plane says goes through it. */
    public TestDevice serves(String... cidrs) {
        served = new TreeSet<>(List.of(cidrs));
        return this;
    }

    public Device build() {
        return new Device(
                id,
                legacyId,
                name,
                hostname,
                addresses,
                os,
                tags,
                user,
                authorized,
                connected,
                keyExpiryDisabled,
                expires,
                lastSeen,
                created,
                external,
                ephemeral,
                advertised,
                enabled,
                served);
    }
}
