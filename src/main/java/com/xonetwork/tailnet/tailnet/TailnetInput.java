package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.policy.PolicyInput;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;

/**
 * All that is decided on about a Tailnet that is connected. A further part of its plan, such as another document, has its input here.
 *
 * @param claims which TailnetNode stands for a device of the view
 * @param webhook {@code WebhookReady}
 */
record TailnetInput(
        TailnetScope scope,
        TailnetView view,
        Claims claims,
        PolicyInput policy,
        ImportInput imports,
        GarbageInput garbage,
        Fact webhook) {}
