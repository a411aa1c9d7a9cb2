package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.Selection;
import com.xonetwork.tailnet.policy.compile.Selectors;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.Selector.AutogroupName;
import com.xonetwork.tailnet.policy.net.AddressSet;
import com.xonetwork.tailnet.policy.tests.Party.Machine;
import com.xonetwork.tailnet.policy.tests.Party.Person;
import com.xonetwork.tailnet.policy.tests.Party.Place;
import com.xonetwork.tailnet.policy.tests.Party.Tagged;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whom a test means, and whether a rule means them too. */
final class Parties {

    private static final AddressSet TAILNET =
            AddressSet.of(IpPrefix.of("100.64.0.0/10"), IpPrefix.of("fd7a:115c:a1e0::/48"));

    private final Policy policy;
    private final TopologyIndex index;
    private final Selectors selectors;

    Parties(Policy policy, TopologyIndex index, Selectors selectors) {
        this.policy = policy;
        this.index = index;
        this.selectors = selectors;
    }

    /**
     * Everyone whom the selector of a test means. None if it means nobody or nothing definite ({@code *}, a prefix, a name
     * that leads nowhere): the service fails such a test, whatever it asks.
     */
    List<Party> of(Selector selector) {
        return switch (selector) {
            case Selector.User user -> user(user.login());
            case Selector.Group group -> group(group.name());
            case Selector.Tag tag ->
                policy.tagOwners().containsKey(tag.name()) ? machinesOr(tag, new Tagged(tag.name())) : List.of();
            case AutogroupName name -> autogroup(name);
            case Selector.Address address -> List.of(place(address.address()));
            case Selector.Host host ->
                policy.host(host.name())
                        .filter(IpPrefix::isSingle)
                        .map(prefix -> List.<Party>of(place(prefix.address())))
                        .orElse(List.of());
            default -> List.of();
        };
    }

    private List<Party> user(String login) {
        List<TopologyUser> users = index.topology().users();
        Optional<TopologyUser> known =
                users.stream().filter(user -> Selectors.isUser(user, login)).findFirst();
        // Without any users nobody has told us who there is.
        return known.isEmpty() && !users.isEmpty()
                ? List.of()
                : machinesOr(new Selector.User(login), new Person(login, known));
    }

    private List<Party> group(String name) {
        List<Party> parties = new ArrayList<>();
        for (Located<Selector> member : policy.membersOf(name)) {
            if (member.value() instanceof Selector.User user) {
                parties.addAll(user(user.login()));
            }
        }
        return parties;
    }

    private List<Party> autogroup(AutogroupName name) {
        if (name.group().isEmpty()) {
            return List.of();
        }
        Autogroup group = name.group().get();
        if (!group.isRole() && group != Autogroup.TAGGED) {
            return List.of();
        }
        List<Party> machines = machines(name);
        boolean anyMember = machines.isEmpty()
                && group == Autogroup.MEMBER
                && index.topology().users().isEmpty();
        return anyMember ? List.of(new Person("", Optional.empty())) : machines;
    }

    private List<Party> machinesOr(Selector selector, Party otherwise) {
        List<Party> machines = machines(selector);
        return machines.isEmpty() ? List.of(otherwise) : machines;
    }

    private List<Party> machines(Selector selector) {
        return selectors.select(selector).nodes().stream()
                .mapToObj(node -> (Party) new Machine(node))
                .toList();
    }

    private Place place(IpAddress address) {
        BitSet owner = index.withAddressIn(AddressSet.of(address));
        return new Place(address, owner.nextSetBit(0));
    }

    boolean isSource(Party party, Selector selector) {
        return is(party, selector, false);
    }

    /** Does not hold for {@code autogroup:self}, see {@link #sameUser}. */
    boolean isDestination(Party party, Selector selector) {
        return is(party, selector, true);
    }

    boolean sameUser(Party from, Party to) {
        if (from instanceof Person one && to instanceof Person other) {
            return one.login().equalsIgnoreCase(other.login());
        }
        return from.node() >= 0
                && to.node() >= 0
                && index.userOf(from.node()) >= 0
                && index.userOf(from.node()) == index.userOf(to.node());
    }

    /** The person at a party: the user of a machine, or who has none; empty for what is tagged or outside. */
    Optional<TopologyUser> person(Party party) {
        if (party instanceof Person person) {
            return person.user();
        }
        int user = party.node() < 0 ? -1 : index.userOf(party.node());
        return user < 0
                ? Optional.empty()
                : Optional.of(index.topology().users().get(user));
    }

    private boolean is(Party party, Selector selector, boolean destination) {
        return switch (party) {
            case Machine machine -> {
                Selection selection = selectors.select(selector);
                yield switch (selection.kind()) {
                    case NODES -> selection.nodes().get(machine.node());
                    case ADDRESSES ->
                        index.node(machine.node()).addresses().stream()
                                .limit(1)
                                .anyMatch(selection.addresses()::contains);
                    case WILDCARD, DANGER_ALL -> true;
                    case INTERNET, SELF -> false;
                };
            }
            case Place place -> isPlace(place, selector, destination);
            case Person person -> isPerson(person, selector);
            case Tagged tagged ->
                selector.equals(new Selector.Tag(tagged.tag()))
                        || selector.isAutogroup(Autogroup.TAGGED)
                        || isEverybody(selector);
        };
    }

    private boolean isPlace(Place place, Selector selector, boolean destination) {
        Selection selection = selectors.select(selector);
        return switch (selection.kind()) {
            case NODES -> place.node() >= 0 && selection.nodes().get(place.node());
            case ADDRESSES -> selection.addresses().contains(place.address());
            case WILDCARD -> destination || place.node() >= 0 || isOfTheTailnet(place.address());
            case DANGER_ALL -> true;
            case INTERNET -> Selectors.INTERNET.contains(place.address());
            case SELF -> false;
        };
    }

    /** What {@code *} is as a source: the tailnet and the subnets behind it. */
    private boolean isOfTheTailnet(IpAddress address) {
        return TAILNET.contains(address)
                || index.routers().stream()
                        .anyMatch(router -> index.routesOf(router).stream().anyMatch(route -> route.contains(address)));
    }

    private boolean isPerson(Person person, Selector selector) {
        return switch (selector) {
            case Selector.User user -> user.login().equalsIgnoreCase(person.login());
            case Selector.UserDomain domain ->
                person.login()
                        .toLowerCase(Locale.ROOT)
                        .endsWith("@" + domain.domain().toLowerCase(Locale.ROOT));
            case Selector.Group group ->
                policy.membersOf(group.name()).stream()
                        .map(Located::value)
                        .anyMatch(member -> !(member instanceof Selector.Group) && isPerson(person, member));
            case AutogroupName name ->
                name.group().isPresent() && hasRole(person, name.group().get());
            default -> isEverybody(selector);
        };
    }

    private static boolean hasRole(Person person, Autogroup group) {
        return group == Autogroup.MEMBER
                || group == Autogroup.DANGER_ALL
                || (group.isRole()
                        && person.user().isPresent()
                        && person.user().get().role().equals(group.spelling()));
    }

    private static boolean isEverybody(Selector selector) {
        return selector instanceof Selector.Wildcard || selector.isAutogroup(Autogroup.DANGER_ALL);
    }
}
