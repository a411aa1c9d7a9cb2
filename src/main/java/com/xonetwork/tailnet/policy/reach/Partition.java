package com.xonetwork.tailnet.policy.reach;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Elements in classes that no set so far tells apart. */
final class Partition {

    private final int[] classOf;
    private int[] sizes;
    private int count;

    /** Of that many elements, all in one class. */
    Partition(int elements) {
        classOf = new int[elements];
        sizes = new int[16];
        sizes[0] = elements;
        count = 1;
    }

    /** Parts each class in what is in the set and what is not. Takes as long as the set is large. */
    void refine(BitSet set) {
        Map<Integer, Integer> inside = new HashMap<>();
        set.stream().forEach(element -> inside.merge(classOf[element], 1, Integer::sum));
        Map<Integer, Integer> parted = new HashMap<>();
        inside.forEach((old, members) -> {
            if (members < sizes[old]) {
                if (count == sizes.length) {
                    sizes = Arrays.copyOf(sizes, 2 * count);
                }
                sizes[old] -= members;
                sizes[count] = members;
                parted.put(old, count++);
            }
        });
        if (!parted.isEmpty()) {
            set.stream().forEach(element -> classOf[element] = parted.getOrDefault(classOf[element], classOf[element]));
        }
    }

    int count() {
        return count;
    }

    /** The classes of a set's elements. */
    BitSet classesOf(BitSet set) {
        BitSet classes = new BitSet(count);
        set.stream().forEach(element -> classes.set(classOf[element]));
        return classes;
    }

    /** How many elements these classes have. */
    long size(BitSet classes) {
        return classes.stream().mapToLong(one -> sizes[one]).sum();
    }

    /** All elements of these classes. */
    BitSet elements(BitSet classes) {
        BitSet elements = new BitSet(classOf.length);
        for (int element = 0; element < classOf.length; element++) {
            elements.set(element, classes.get(classOf[element]));
        }
        return elements;
    }
}
