package com.xonetwork.tailnet.policy.compile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Rules in the JSON that the service sends to nodes ({@code tailcfg.FilterRule}, {@code tailcfg.SSHRule}). */
public final class RuleJson {

    /** Where a client asks whether it must log in; the client fills the variables in. */
    private static final String CHECK =
            "https://unused/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER";

    private RuleJson() {}

    public static ArrayNode packetFilter(List<FilterRule> rules) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (FilterRule rule : rules) {
            ObjectNode json = all.addObject();
            rule.sources().forEach(json.putArray("SrcIPs")::add);
            if (!rule.destinations().isEmpty()) {
                ArrayNode to = json.putArray("DstPorts");
                for (FilterRule.Destination destination : rule.destinations()) {
                    ObjectNode one = to.addObject().put("IP", destination.address());
                    one.putObject("Ports")
                            .put("First", destination.ports().first())
                            .put("Last", destination.ports().last());
                }
            }
            rule.protocol().ifPresent(protocol -> json.putArray("IPProto").add(protocol.number()));
            if (!rule.capabilities().isEmpty()) {
                ArrayNode grants = json.putArray("CapGrant");
                for (FilterRule.CapabilityGrant grant : rule.capabilities()) {
                    ObjectNode one = grants.addObject();
                    grant.destinations().forEach(one.putArray("Dsts")::add);
                    one.putObject("CapMap").setAll(grant.parameters());
                }
            }
        }
        return all;
    }

    public static ArrayNode sshRules(List<NodeSshRule> rules) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (NodeSshRule rule : rules) {
            ObjectNode json = all.addObject();
            ArrayNode principals = json.putArray("principals");
            rule.principals().forEach(address -> principals.addObject().put("nodeIP", address));
            ObjectNode users = json.putObject("sshUsers");
            rule.users().forEach(users::put);
            ObjectNode action = json.putObject("action");
            if (rule.check()) {
                action.put("holdAndDelegate", CHECK);
            } else {
                action.put("accept", true)
                        .put("allowAgentForwarding", true)
                        .put("allowLocalPortForwarding", true)
                        .put("allowRemotePortForwarding", true);
            }
            if (!rule.acceptEnv().isEmpty()) {
                rule.acceptEnv().forEach(json.putArray("acceptEnv")::add);
            }
        }
        return all;
    }
}
