package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.compile.Selection.Kind;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpSet;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.net.AddressSet;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the selectors of one policy stand for in one tailnet. Each is looked up once. What the policy does not define
 * stands for nothing: that it is wrong is for validation to say.
 */
public final class Selectors {

    /**
     * Where {@code autogroup:internet} leads: everything that is routed publicly. tailscale.com/kb/1337 names it; the
     * blocks that are left out are private (RFC 1918, RFC 4193), link-local, or Tailscale's own.
     */
    public static final AddressSet INTERNET = AddressSet.of(IpPrefix.of("0.0.0.0/0"), IpPrefix.of("2000::/3"))
            .subtract(AddressSet.of(
                    IpPrefix.of("10.0.0.0/8"),
                    IpPrefix.of("172.16.0.0/12"),
                    IpPrefix.of("192.168.0.0/16"),
                    IpPrefix.of("169.254.0.0/16"),
                    IpPrefix.of("100.64.0.0/10")));

    private final Policy policy;
    private final TopologyIndex index;
    private final Map<Selector, Selection> known = new HashMap<>();

    public Selectors(Policy policy, TopologyIndex index) {
        this.policy = policy;
        this.index = index;
    }

    public Selection select(Selector selector) {
        Selection selection = known.get(selector);
        if (selection == null) {
            selection = find(selector);
            known.put(selector, selection);
        }
        return selection;
    }

    /** The nodes that it means, by whatever way; for {@code autogroup:self} and the internet none. */
    public BitSet nodes(Selector selector) {
        Selection selection = select(selector);
        return switch (selection.kind()) {
            case NODES -> selection.nodes();
            case ADDRESSES -> index.withAddressIn(selection.addresses());
            case WILDCARD, DANGER_ALL -> index.all();
            case INTERNET, SELF -> new BitSet();
        };
    }

    private Selection find(Selector selector) {
        return switch (selector) {
            case Selector.Wildcard ignored -> Selection.special(Kind.WILDCARD);
            case Selector.Tag tag -> Selection.nodes(index.withTag(tag.name()));
            case Selector.User user -> Selection.nodes(index.nodesOfUsers(one -> isUser(one, user.login())));
            case Selector.UserDomain domain ->
                Selection.nodes(index.nodesOfUsers(user -> user.domain().equalsIgnoreCase(domain.domain())));
            case Selector.Group group -> Selection.nodes(members(group.name()));
            case Selector.AutogroupName name ->
                name.group().map(this::autogroup).orElse(Selection.NOTHING);
            case Selector.Host host ->
                policy.host(host.name())
                        .map(prefix -> Selection.addresses(AddressSet.of(prefix)))
                        .orElse(Selection.NOTHING);
            case Selector.Address address -> Selection.addresses(AddressSet.of(address.address()));
            case Selector.Prefix prefix -> Selection.addresses(AddressSet.of(prefix.prefix()));
            case Selector.Range range -> Selection.addresses(AddressSet.ofRanges(List.of(range.range())));
            case Selector.IpSetName set -> Selection.addresses(ipSet(set.name(), new HashSet<>()));
            // What a service's address is, no topology says.
            case Selector.Service ignored -> Selection.NOTHING;
        };
    }

    private Selection autogroup(Autogroup group) {
        return switch (group) {
            case MEMBER -> Selection.nodes(index.untagged());
            case TAGGED -> Selection.nodes(index.tagged());
            case SELF -> Selection.special(Kind.SELF);
            case INTERNET -> Selection.special(Kind.INTERNET);
            case DANGER_ALL -> Selection.special(Kind.DANGER_ALL);
            // Devices of other tailnets are in no topology.
            case SHARED, NONROOT -> Selection.NOTHING;
            case OWNER, ADMIN, IT_ADMIN, NETWORK_ADMIN, BILLING_ADMIN, AUDITOR ->
                Selection.nodes(index.nodesOfUsers(user -> user.role().equals(group.spelling())));
        };
    }

    /** Users by their login name; {@code name@}, as Headscale writes users without a provider, by their name. */
    public static boolean isUser(TopologyUser user, String login) {
        return user.email().equalsIgnoreCase(login)
                || (login.endsWith("@") && user.name().equals(login.substring(0, login.length() - 1)));
    }

    private BitSet members(String group) {
        BitSet nodes = new BitSet();
        for (Located<Selector> member : policy.membersOf(group)) {
            // Groups in groups are not allowed; looking inside would not end with two that contain each other.
            if (!(member.value() instanceof Selector.Group)) {
                nodes.or(select(member.value()).nodes());
            }
        }
        return nodes;
    }

    private AddressSet ipSet(String name, Set<String> open) {
        IpSet set = policy.ipsets().get(name);
        if (set == null || !open.add(name)) {
            return AddressSet.EMPTY;
        }
        AddressSet addresses = AddressSet.EMPTY;
        for (Located<IpSet.Step> step : set.steps()) {
            Selector target = step.value().target();
            AddressSet part = AddressSet.EMPTY;
            if (target instanceof Selector.IpSetName inner) {
                part = ipSet(inner.name(), open);
            } else if (target.isAutogroup(Autogroup.INTERNET)) {
                part = INTERNET;
            } else {
                part = select(target).addresses();
            }
            addresses = step.value().add() ? addresses.union(part) : addresses.subtract(part);
        }
        open.remove(name);
        return addresses;
    }
}
