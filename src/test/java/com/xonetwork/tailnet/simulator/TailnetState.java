package com.xonetwork.tailnet.simulator;

/** Everything that the tailnet is, and the clock that it lives by. */
final class TailnetState {

    final SimClock clock;
    final Timetable timetable;
    final KeyStore keys = new KeyStore();
    final SettingsStore settings = new SettingsStore();
    final DnsStore dns = new DnsStore();
    final PostureStore posture = new PostureStore();
    final IssuerKeys issuers = new IssuerKeys();
    final PolicyStore policy;
    final UserStore users;
    final DeviceStore devices;
    final CredentialTable credentials;
    final Webhooks webhooks;
    final AuditLog audit;
    private final NodeEvents nodeEvents;

    TailnetState(SimulatorOptions options) {
        clock = new SimClock(options.clock());
        timetable = new Timetable(clock);
        audit = new AuditLog(clock);
        webhooks = new Webhooks(clock, options.tailnetId());
        nodeEvents = new NodeEvents(clock, webhooks, options.dnsSuffix());
        policy = new PolicyStore(webhooks::policy);
        users = new UserStore(clock, options.tailnetId(), webhooks);
        devices = new DeviceStore(clock, options.dnsSuffix(), settings::keyLife, nodeEvents::changed);
        credentials = new CredentialTable(clock, keys);
    }

    /** Lets everything happen that time alone brings. Who asks while it happens sees it as far as it is. */
    void catchUp() {
        if (clock.isActing()) {
            return;
        }
        timetable.catchUp();
        devices.removeIdleEphemeral();
        nodeEvents.lookForExpiry(devices);
        webhooks.retryWhatIsDue();
    }
}
