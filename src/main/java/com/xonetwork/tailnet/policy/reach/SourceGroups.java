package com.xonetwork.tailnet.policy.reach;

import java.util.Arrays;
import java.util.BitSet;

/**
 * For destinations that the same ways lead to: the sources in groups that send the same before and the same after. Starts
 * with all of them together, who send nothing; each way takes its sources out of their groups into new ones, who send what
 * they did and what the way lets through. The arrays are used again for the next destinations.
 */
final class SourceGroups {

    private final TrafficTable traffic;
    private final int[] groupOf;
    private int[] before = new int[64];
    private int[] after = new int[64];
    private int[] movedTo = new int[64];
    private int[] gained = new int[64];
    private int[] lost = new int[64];
    private int count;

    /** @param sources how many there are */
    SourceGroups(int sources, TrafficTable traffic) {
        this.traffic = traffic;
        groupOf = new int[sources];
    }

    void begin(BitSet concerned) {
        for (int source = concerned.nextSetBit(0); source >= 0; source = concerned.nextSetBit(source + 1)) {
            groupOf[source] = 0;
        }
        before[0] = TrafficTable.NONE;
        after[0] = TrafficTable.NONE;
        count = 1;
    }

    /** @param sources of the way, which {@link #begin} was told of */
    void add(BitSet sources, int carried, boolean isBefore, boolean isAfter) {
        int old = count;
        Arrays.fill(movedTo, 0, old, -1);
        for (int source = sources.nextSetBit(0); source >= 0; source = sources.nextSetBit(source + 1)) {
            int group = groupOf[source];
            if (movedTo[group] < 0) {
                makeRoom();
                movedTo[group] = count;
                before[count] = isBefore ? traffic.sum(before[group], carried) : before[group];
                after[count] = isAfter ? traffic.sum(after[group], carried) : after[group];
                count++;
            }
            groupOf[source] = movedTo[group];
        }
    }

    private void makeRoom() {
        if (count == before.length) {
            before = Arrays.copyOf(before, 2 * count);
            after = Arrays.copyOf(after, 2 * count);
            movedTo = Arrays.copyOf(movedTo, 2 * count);
        }
    }

    /** After the last way; before anything is asked. */
    void end() {
        if (gained.length < count) {
            gained = new int[before.length];
            lost = new int[before.length];
        }
        for (int group = 0; group < count; group++) {
            gained[group] = traffic.difference(after[group], before[group]);
            lost[group] = traffic.difference(before[group], after[group]);
        }
    }

    int gained(int source) {
        return gained[groupOf[source]];
    }

    int lost(int source) {
        return lost[groupOf[source]];
    }
}
