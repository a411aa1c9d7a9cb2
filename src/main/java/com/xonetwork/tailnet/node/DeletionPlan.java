package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.snapshot.TailnetView;

/**
 * What is to be done before a TailnetNode that is being deleted can go.
 *
 * @param view on whose connection it is done
 * @param key the join key, which {@code Remove} names by the place of the control plane
 * @param device the device, which {@code Remove} names by its id
 */
record DeletionPlan(TailnetView view, Part key, Part device) {

    /** One thing of the node outside the cluster. */
    sealed interface Part {

        /** Nothing of it is there, or it is to stay. */
        record Nothing() implements Part {}

        /** It cannot be removed any more. @param why as an Event says it */
        record Leave(String why) implements Part {}

        /** It cannot be removed now. @param why it is left after a while, as an Event says it */
        record Wait(String why) implements Part {}

        record Remove(String what) implements Part {}
    }
}
