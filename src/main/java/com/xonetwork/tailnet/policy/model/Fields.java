package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuBoolean;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNull;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object of the policy, read member by member as Go's decoder does: names without regard to case, null as if absent.
 * What was not asked for in the end is unknown.
 */
final class Fields {

    private final HuObject object;
    private final Notes notes;
    private final Set<HuMember> taken = Collections.newSetFromMap(new IdentityHashMap<>());

    Fields(HuObject object, Notes notes) {
        this.object = object;
        this.notes = notes;
    }

    /** What the policy says of the first of these names that it knows. */
    Optional<HuValue> value(String... names) {
        for (String name : names) {
            Optional<HuMember> found = take(name);
            if (found.isPresent() && !(found.get().value() instanceof HuNull)) {
                return found.map(HuMember::value);
            }
        }
        return Optional.empty();
    }

    private Optional<HuMember> take(String name) {
        HuMember found = null;
        for (HuMember member : object.members()) {
            if (!member.name().value().equalsIgnoreCase(name)) {
                continue;
            }
            taken.add(member);
            if (found == null) {
                found = member;
            } else {
                notes.structural(
                        span(member.name()),
                        GoText.quote(member.name().value()) + " and "
                                + GoText.quote(found.name().value())
                                + " are one name to the service, which ignores case; keep one");
            }
        }
        return Optional.ofNullable(found);
    }

    /** Notes what nobody asked for. */
    void noteUnknown() {
        for (HuMember member : object.members()) {
            if (!taken.contains(member)) {
                notes.unknown(
                        span(member.name()),
                        "unknown field " + GoText.quote(member.name().value()));
            }
        }
    }

    Optional<HuString> string(String... names) {
        Optional<HuValue> value = value(names);
        if (value.isPresent() && value.get() instanceof HuString string) {
            return Optional.of(string);
        }
        value.ifPresent(other -> notes.wrongType(other, "a string"));
        return Optional.empty();
    }

    boolean flag(String name) {
        Optional<HuValue> value = value(name);
        if (value.isPresent() && value.get() instanceof HuBoolean flag) {
            return flag.value();
        }
        value.ifPresent(other -> notes.wrongType(other, "true or false"));
        return false;
    }

    Optional<HuArray> array(String... names) {
        Optional<HuValue> value = value(names);
        if (value.isPresent() && value.get() instanceof HuArray array) {
            return Optional.of(array);
        }
        value.ifPresent(other -> notes.wrongType(other, "a list"));
        return Optional.empty();
    }

    Optional<HuObject> object(String name) {
        Optional<HuValue> value = value(name);
        if (value.isPresent() && value.get() instanceof HuObject found) {
            return Optional.of(found);
        }
        value.ifPresent(other -> notes.wrongType(other, "an object"));
        return Optional.empty();
    }

    List<HuString> strings(String... names) {
        return array(names).map(array -> strings(array, notes)).orElse(List.of());
    }

    static List<HuString> strings(HuArray array, Notes notes) {
        List<HuString> strings = new ArrayList<>();
        for (HuElement element : array.elements()) {
            if (element.value() instanceof HuString string) {
                strings.add(string);
            } else {
                notes.wrongType(element.value(), "a string");
            }
        }
        return strings;
    }

    static Span span(HuValue value) {
        return new Span(value.start(), value.end());
    }
}
