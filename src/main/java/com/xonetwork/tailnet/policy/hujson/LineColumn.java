package com.xonetwork.tailnet.policy.hujson;

/**
 * A place for people.
 *
 * @param line from 1
 * @param column from 1, in bytes of UTF-8, as the service counts
 */
public record LineColumn(int line, int column) {

    /** As the service writes it. */
    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
