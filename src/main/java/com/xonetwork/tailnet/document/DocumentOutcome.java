package com.xonetwork.tailnet.document;

import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.Optional;

/**
 * What came of a write.
 *
 * @param view what is known of the tailnet now: the document as it was stored, if it was
 * @param resting the write, if it failed
 */
public record DocumentOutcome<C>(TailnetView view, Optional<RestingWrite<C>> resting) {}
