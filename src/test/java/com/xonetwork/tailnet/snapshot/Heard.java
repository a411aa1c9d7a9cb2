package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Device;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A listener that writes down what it is told. */
final class Heard implements SnapshotListener {

    /** @param devices ids of those that changed */
    record News(TailnetKey tailnet, SortedSet<String> devices, boolean whole) {}

    private final List<News> news = new ArrayList<>();

    @Override
    public synchronized void changed(TailnetKey tailnet, Collection<Device> devices, boolean wholeTailnet) {
        var ids = devices.stream().map(Device::id).collect(Collectors.toCollection(TreeSet::new));
        news.add(new News(tailnet, ids, wholeTailnet));
    }

    /** What came since the last time it was asked. */
    synchronized List<News> since() {
        var all = List.copyOf(news);
        news.clear();
        return all;
    }
}
