package com.xonetwork.tailnet.policy.validate;

import java.util.Optional;
import java.util.Set;

/**
 * The domains that belong to the tailnet, whose users {@code user:*@domain} and {@code localpart:*@domain} may mean. A
 * tailnet's users may have others: those who were invited.
 *
 * @param known empty if nobody has told us: then every domain passes
 */
public record Domains(Optional<Set<String>> known) {

    public static final Domains UNKNOWN = new Domains(Optional.empty());

    public Domains {
        known = known.map(Set::copyOf);
    }

    public static Domains of(Set<String> domains) {
        return new Domains(Optional.of(domains));
    }

    /** Regards case, as the service does. */
    boolean mayHave(String domain) {
        return known.isEmpty() || known.get().contains(domain);
    }
}
