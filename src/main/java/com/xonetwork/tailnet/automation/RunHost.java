package com.xonetwork.tailnet.automation;

/** A machine as the runner gets to know it. @param name of its TailnetNode */
record RunHost(String name, String address, int port, String user) {}
