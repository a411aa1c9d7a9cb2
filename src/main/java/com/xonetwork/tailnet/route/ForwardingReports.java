package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.snapshot.TailnetKey;

/** What is known of machines that offer routes but do not forward packets. */
@FunctionalInterface
public interface ForwardingReports {

    /** Whether the control plane reported it of this device, and not long ago. */
    boolean isOff(TailnetKey tailnet, String deviceId);
}
