package com.xonetwork.tailnet.policy.document;

/**
 * A text that is no policy file. The message is for the user who wrote the text and begins with the place, in the form
 * that the service itself uses ({@code line 3, column 7: ...}), so that both read alike in a condition.
 */
public final class PolicySyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * @param line from 1
     * @param column from 1
     * @param message what is wrong there, without the place
     */
    public PolicySyntaxException(int line, int column, String message) {
        super("line " + line + ", column " + column + ": " + message);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
