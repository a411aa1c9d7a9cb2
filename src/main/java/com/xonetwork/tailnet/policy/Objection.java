package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.policy.hujson.HuPath;
import java.util.List;

/**
 * Why a policy would be, or was, refused.
 *
 * @param message in the words of who refuses it
 * @param places in the merged policy, that it is about; none where that is not known
 * @param isOfALine what stands there is wrong, whatever the others say. Not so of a test that fails: the rule may be another's
 */
record Objection(String message, List<HuPath> places, boolean isOfALine) {

    Objection {
        places = List.copyOf(places);
    }

    /** With the lines that users wrote. */
    String words(WrittenPlaces written) {
        return message + written.named(places);
    }
}
