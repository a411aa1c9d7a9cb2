package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a device must report: {@code node:os IN ['macos', 'linux']}, {@code node:tsVersion >= '1.40'}. Grammar as in
 * tailscale.com/kb/1288 (device posture).
 *
 * @param attribute {@code node:os}, {@code custom:tier} ...
 * @param values as written, without quotes; none for {@code IS SET} and {@code NOT SET}
 */
public record PostureAssertion(String attribute, Operator operator, List<String> values) {

    private static final Pattern FORM = Pattern.compile(
            "\\s*([A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+)\\s*"
                    + "(==|!=|<=|>=|<|>|\\bNOT\\s+IN\\b|\\bIN\\b|\\bIS\\s+SET\\b|\\bNOT\\s+SET\\b)\\s*(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern VALUE = Pattern.compile("\\s*(?:'([^']*)'|\"([^\"]*)\"|([^\\s,'\"\\[\\]]+))\\s*");

    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN,
        IS_SET,
        NOT_SET
    }

    public PostureAssertion {
        values = List.copyOf(values);
    }

    static Parsed<PostureAssertion> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return bad(text);
        }
        Operator operator = operator(form.group(2).replaceAll("\\s+", " ").toUpperCase(Locale.ROOT));
        String rest = form.group(3).strip();
        List<String> values = new ArrayList<>();
        boolean good = switch (operator) {
            case IS_SET, NOT_SET -> rest.isEmpty();
            case IN, NOT_IN ->
                rest.startsWith("[") && rest.endsWith("]") && list(rest.substring(1, rest.length() - 1), values);
            default -> list(rest, values) && values.size() == 1;
        };
        return good ? Parsed.good(new PostureAssertion(form.group(1), operator, values)) : bad(text);
    }

    private static boolean list(String text, List<String> values) {
        Matcher value = VALUE.matcher(text);
        int at = 0;
        while (value.find() && value.start() == at) {
            String quoted = value.group(1) != null ? value.group(1) : value.group(2);
            values.add(quoted != null ? quoted : value.group(3));
            at = value.end();
            if (at == text.length()) {
                return true;
            }
            if (text.charAt(at) != ',') {
                return false;
            }
            at++;
            value.region(at, text.length());
        }
        return false;
    }

    private static Operator operator(String written) {
        return switch (written) {
            case "==" -> Operator.EQUAL;
            case "!=" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            case "IN" -> Operator.IN;
            case "NOT IN" -> Operator.NOT_IN;
            case "IS SET" -> Operator.IS_SET;
            default -> Operator.NOT_SET;
        };
    }

    private static Parsed<PostureAssertion> bad(String text) {
        return Parsed.bad("invalid posture expression " + GoText.quote(text));
    }
}
