package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.AutoApprovers;
import com.xonetwork.tailnet.policy.model.Group;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The sections that give names to things. */
final class NameChecks {

    private final Judge judge;
    private final Policy policy;

    NameChecks(Judge judge) {
        this.judge = judge;
        this.policy = judge.policy();
    }

    void check() {
        groups();
        hosts();
        tagOwners();
        approvers();
        policy.postures().values().forEach(posture -> judge.malformedWithin(posture.span()));
    }

    private void groups() {
        for (Group group : policy.groups().values()) {
            if (!group.name().startsWith("group:")) {
                judge.reject(
                        group.span(), "groups[" + GoText.quote(group.name()) + "]: groups must start with 'group:'");
            }
        }
        Set<String> seen = new HashSet<>();
        policy.groups().keySet().forEach(name -> nested(name, seen));
    }

    /**
     * Groups within groups. The service follows a group into its members before it complains of it: of a chain it names
     * the last link, and of a cycle the one that closes it.
     */
    private void nested(String first, Set<String> seen) {
        Deque<String> path = new ArrayDeque<>(List.of(first));
        Deque<String> complaints = new ArrayDeque<>();
        while (!path.isEmpty()) {
            String name = path.pop();
            Group group = policy.groups().get(name);
            if (group == null || !seen.add(name)) {
                continue;
            }
            complaints.push(name);
            group.members().stream()
                    .map(Located::value)
                    .filter(Selector.Group.class::isInstance)
                    .forEach(member -> path.push(member.text()));
        }
        complaints.forEach(this::recursive);
    }

    private void recursive(String name) {
        for (Located<Selector> member : policy.membersOf(name)) {
            if (member.value() instanceof Selector.Group inner) {
                judge.reject(
                        member.span(),
                        "groups[" + GoText.quote(name) + "]: " + GoText.quote(inner.name())
                                + ": group members cannot be recursive");
                return;
            }
        }
    }

    private void hosts() {
        policy.hosts().values().forEach(host -> {
            if (host.value().isEmpty()) {
                judge.reject(
                        host.span(),
                        "hosts[" + GoText.quote(host.name()) + "]: " + GoText.quote(host.written())
                                + ": invalid address");
            }
        });
    }

    private void tagOwners() {
        policy.tagOwners().values().forEach(tag -> {
            String place = "tagOwners[" + GoText.quote(tag.tag()) + "]: ";
            policy.syntax().tagProblem(tag.tag()).ifPresent(problem -> judge.reject(tag.span(), place + problem));
            tag.owners().forEach(owner -> owner(owner, "tagOwners", place, "invalid owner format"));
        });
    }

    private void approvers() {
        AutoApprovers approvers = policy.autoApprovers();
        approvers.routes().forEach(route -> owners("routes", route.owners()));
        owners("exitNode", approvers.exitNode());
        approvers.services().forEach(service -> owners("services", service.owners()));
    }

    private void owners(String field, List<Located<Selector>> owners) {
        owners.forEach(owner ->
                owner(owner, "autoApprovers", "autoApprovers." + field + ": ", "invalid auto approver format"));
    }

    private void owner(Located<Selector> owner, String section, String place, String otherwise) {
        boolean peopleOrTag = switch (owner.value()) {
            case Selector.User ignored -> true;
            case Selector.Group ignored -> true;
            case Selector.Tag ignored -> true;
            default -> false;
        };
        if (policy.syntax().ownersArePeopleOrTags() && !peopleOrTag) {
            judge.reject(owner.span(), place + otherwise + ": " + GoText.quote(owner.written()));
        } else {
            judge.resolves(owner, section, place);
        }
    }
}
