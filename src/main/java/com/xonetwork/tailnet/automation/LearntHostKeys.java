package com.xonetwork.tailnet.automation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.runner.AttemptKey;
import java.util.Optional;
import java.util.Set;

/** Has the host keys that the runner of an attempt has learnt recorded, once. */
final class LearntHostKeys {

    private static final int REMEMBERED = 1_000;

    private final KnownHostsEffects record;
    private final AttemptSecretEffects secrets;
    /** How many lines of an attempt were dealt with. A key that its user takes out meanwhile is not put back. */
    private final Cache<AttemptKey, Integer> done =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    LearntHostKeys(KnownHostsEffects record, AttemptSecretEffects secrets) {
        this.record = record;
        this.secrets = secrets;
    }

    /** @return why they are not recorded, in words for a user */
    Optional<String> record(AutomationRun run, AutomationTemplate template, AttemptState attempt) {
        var lines = attempt.progress().hostKeys();
        var key = AttemptJobs.key(run, attempt.attempt());
        var before = done.getIfPresent(key);
        if (lines.isEmpty() || before != null && before == lines.size()) {
            return Optional.empty();
        }
        var hosts = secrets.find(key)
                .map(AttemptSecretEffects.AttemptRecord::firstContacts)
                .orElse(Set.of());
        var problem = record.record(template, hosts, lines);
        if (problem.isEmpty()) {
            done.put(key, lines.size());
        }
        return problem;
    }
}
