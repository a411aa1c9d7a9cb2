package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.Postures;
import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Destination;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicyTest;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code tests}. Every source must reach every destination that the test accepts, and none of them one that it denies. A
 * destination is one host and one port: the service fails every test that tries a prefix (a {@code /32} too), a range or a
 * list of ports, {@code *}, {@code autogroup:internet} or {@code autogroup:self}, also where the policy allows just that,
 * and one of a protocol without ports (policytest-port-shape-list, policytest-proto-icmp and others; the documentation does
 * not say so).
 */
final class NetworkTests {

    private static final Set<Protocol> DEFAULT_PROTOCOLS =
            Set.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.ICMPV6);

    private final Policy policy;
    private final List<Allowance> allowances;
    private final Parties parties;

    NetworkTests(Policy policy, List<Allowance> allowances, Parties parties) {
        this.policy = policy;
        this.allowances = allowances.stream().filter(Allowance::isTraffic).toList();
        this.parties = parties;
    }

    Optional<TestFailure> run(PolicyTest test) {
        String source = test.src().map(src -> src.value().text()).orElse("");
        List<String> errors = new ArrayList<>();
        List<Party> from = test.src().map(src -> parties.of(src.value())).orElse(List.of());
        if (from.isEmpty()) {
            errors.add("src " + GoText.quote(source) + ": no such user, group, tag or host");
        }
        if (test.accept().isEmpty() && test.deny().isEmpty()) {
            errors.add("no destination in accept or deny");
        }
        Optional<Protocol> protocol = test.protocol().map(Located::value);
        if (protocol.isPresent() && !protocol.get().hasPorts()) {
            errors.add("proto " + GoText.quote(protocol.get().name()) + ": a test needs a protocol with ports");
        } else {
            Attempt attempt = new Attempt(from, protocols(protocol), TestAttributes.of(test.srcPostureAttrs()));
            test.accept().forEach(to -> attempt(attempt, to, true, errors));
            test.deny().forEach(to -> attempt(attempt, to, false, errors));
        }
        return errors.isEmpty() ? Optional.empty() : Optional.of(new TestFailure(source, errors, test.span()));
    }

    private record Attempt(List<Party> from, List<Protocol> protocols, Map<String, String> attributes) {}

    /** Without a protocol, TCP or UDP will do. */
    private static List<Protocol> protocols(Optional<Protocol> protocol) {
        return protocol.map(List::of).orElse(List.of(Protocol.TCP, Protocol.UDP));
    }

    private void attempt(Attempt attempt, Located<Destination> to, boolean accept, List<String> errors) {
        String address = "address " + GoText.quote(to.written()) + ": ";
        List<PortRange> ports = to.value().ports();
        if (ports.size() != 1 || !ports.getFirst().isSingle()) {
            errors.add(address + "a test needs one host and one port");
            return;
        }
        List<Party> destinations = parties.of(to.value().target());
        if (destinations.isEmpty()) {
            errors.add(address + "no such host, user, group or tag");
            return;
        }
        int port = ports.getFirst().first();
        boolean wrong = destinations.stream().anyMatch(destination -> {
            List<Allowance> leading = allowances.stream()
                    .filter(allowance -> leadsTo(allowance, attempt, destination, port))
                    .toList();
            return attempt.from().stream().anyMatch(source -> accept != allowed(leading, source, destination));
        });
        if (wrong) {
            errors.add(address + (accept ? "want: Accept, got: Drop" : "want: Drop, got: Accept"));
        }
    }

    /** Whether it leads there for anybody. */
    private boolean leadsTo(Allowance allowance, Attempt attempt, Party to, int port) {
        return attempt.protocols().stream().anyMatch(protocol -> covers(allowance, protocol))
                && allowance.targets().stream()
                        .anyMatch(target -> target.ports().stream().anyMatch(ports -> ports.contains(port))
                                && (allowance.isSelf() || parties.isDestination(to, target.selector())))
                && Postures.hold(policy, allowance.postures(), attempt.attributes());
    }

    private boolean allowed(List<Allowance> leading, Party from, Party to) {
        return leading.stream()
                .anyMatch(allowance -> (!allowance.isSelf() || parties.sameUser(from, to))
                        && allowance.sources().stream().anyMatch(source -> parties.isSource(from, source)));
    }

    private static boolean covers(Allowance allowance, Protocol protocol) {
        return allowance.protocol().map(protocol::equals).orElseGet(() -> DEFAULT_PROTOCOLS.contains(protocol));
    }
}
