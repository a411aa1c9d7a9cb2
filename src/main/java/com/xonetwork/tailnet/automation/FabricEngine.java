package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import java.util.Optional;
import java.util.regex.Pattern;

/** Fabric: a task of the image's fabfile, or one in a ConfigMap; parameters become keyword arguments. */
final class FabricEngine implements RunEngine {

    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern FILE_AND_TASK = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*\\.py:[a-z][a-z0-9_]*");

    @Override
    public Optional<String> refusal(AutomationSource source) {
        var files = source.configMap();
        var builtin = source.builtin();
        if (files != null && !FILE_AND_TASK.matcher(files.entry()).matches()) {
            return Optional.of(
                    "source.configMap.entry must be a key and a task, such as fabfile.py:restart, for engine fabric; not "
                            + files.entry());
        }
        if (builtin != null && !TASK.matcher(builtin).matches()) {
            return Optional.of(
                    "source.builtin must be a task of the image's fabfile, such as uptime, for engine fabric; not "
                            + builtin);
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> refusalOfParameter(String name) {
        return TASK.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("parameter " + name + " is no name of an argument: letters, digits and _ in lower case");
    }

    @Override
    public boolean isOneTask() {
        return true;
    }
}
