package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is decided on about a TailnetNode that is being deleted.
 *
 * @param tailnet null when there is none any more
 * @param mine devices that the node can mean, and that are not rightfully another node's
 */
record DeletionInput(TailnetNode node, @Nullable Tailnet tailnet, TailnetView view, List<Device> mine) {}
