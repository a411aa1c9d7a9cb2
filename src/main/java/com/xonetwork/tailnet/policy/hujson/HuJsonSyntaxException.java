package com.xonetwork.tailnet.policy.hujson;

/** A text that is no HuJSON. The only exception that reading one can end in. */
public final class HuJsonSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final String problem;

    /**
     * @param place where reading stopped
     * @param problem what is wrong there, without the place; in the words of the service's own parser where it has some
     */
    public HuJsonSyntaxException(LineColumn place, String problem) {
        super(place + ": " + problem);
        this.line = place.line();
        this.column = place.column();
        this.problem = problem;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String problem() {
        return problem;
    }
}
