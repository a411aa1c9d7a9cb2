package com.xonetwork.tailnet.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure of the report. Small is good in all of them.
 *
 * @param what is measured, within its section: the same words in every report, so that two can be compared
 * @param unit as it is printed: {@code s}, {@code ms}, {@code MiB}, {@code 1} for a count
 * @param reference the same of the reference, from the same run
 * @param goal that the value should not exceed
 * @param goalRatio that the value divided by the reference should not exceed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Row(
        Section section,
        String what,
        String unit,
        double value,
        @Nullable Double reference,
        @Nullable Double goal,
        @Nullable Double goalRatio) {

    static Row of(Section section, String what, String unit, double value) {
        return new Row(section, what, unit, value, null, null, null);
    }

    Row beside(double other) {
        return new Row(section, what, unit, value, other, goal, goalRatio);
    }

    Row goal(double most) {
        return new Row(section, what, unit, value, reference, most, goalRatio);
    }

    Row goalRatio(double most) {
        return new Row(section, what, unit, value, reference, goal, most);
    }

    @Nullable
    Double ratio() {
        return reference == null || reference == 0 ? null : value / reference;
    }

    /** Whether it is within what it should be; null without a goal. */
    @Nullable
    Boolean met() {
        var ratio = ratio();
        if (goalRatio != null && ratio != null) {
            return ratio <= goalRatio;
        }
        return goal == null ? null : Boolean.valueOf(value <= goal);
    }

    /** Three significant digits say all that such a measurement knows. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        var digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        var text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return digits == 0 ? text : text.replaceAll("\\.?0+$", "");
    }

    String amount(double of) {
        return unit.equals("1") ? number(of) : number(of) + " " + unit;
    }
}
