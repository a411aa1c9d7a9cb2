package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.ports.HeadDeadlines;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the process begins. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        HeadDeadlines.switchOn();
        Quarkus.run(args);
    }
}
