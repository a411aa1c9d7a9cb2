package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Ansible: a playbook of a collection in the image, or one in a ConfigMap; parameters become variables. */
final class AnsibleEngine implements RunEngine {

    private static final Pattern PLAYBOOK_OF_COLLECTION = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){2,}");
    private static final Pattern PLAYBOOK = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]*\\.ya?ml");
    private static final Pattern VARIABLE = Pattern.compile("[a-z][a-z0-9_]*");
    /** Variables by which a value would change how Ansible works, beside those that begin with {@code ansible_}. */
    private static final Set<String> RESERVED = Set.of(
            "hostvars",
            "vars",
            "groups",
            "group_names",
            "inventory_hostname",
            "inventory_hostname_short",
            "play_hosts",
            "environment",
            "omit",
            "role_path",
            "playbook_dir",
            "inventory_dir",
            "inventory_file",
            "delegate_to",
            "become",
            "connection");

    @Override
    public Optional<String> refusal(AutomationSource source) {
        var files = source.configMap();
        var builtin = source.builtin();
        if (files != null && !PLAYBOOK.matcher(files.entry()).matches()) {
            return Optional.of(
                    "source.configMap.entry must be the key of a playbook, such as site.yml, for engine ansible; not "
                            + files.entry());
        }
        if (builtin != null && !PLAYBOOK_OF_COLLECTION.matcher(builtin).matches()) {
            return Optional.of(
                    "source.builtin must be a playbook of a collection, such as xo.tailnet.ping, for engine ansible;"
                            + " not " + builtin);
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> refusalOfParameter(String name) {
        if (name.startsWith("ansible_") || RESERVED.contains(name)) {
            return Optional.of("parameter " + name + " would set a variable of Ansible's own: name it otherwise");
        }
        return VARIABLE.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(
                        "parameter " + name + " is not a valid variable name: use letters, digits and _ in lower case");
    }

    @Override
    public boolean isOneTask() {
        return false;
    }
}
