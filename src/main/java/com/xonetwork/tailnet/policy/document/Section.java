package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The top-level sections of a policy file that we know, in the order in which we write them. Sections that we do not know
 * are not here and not lost: the service gains sections faster than we do, and a user must be able to use them.
 */
enum Section {
    GROUPS("groups", Shape.NAMED_SETS, JsonNodeType.OBJECT),
    HOSTS("hosts", Shape.NAMED, JsonNodeType.OBJECT),
    IPSETS("ipsets", Shape.NAMED, JsonNodeType.OBJECT),
    TAG_OWNERS("tagOwners", Shape.OWNERS, JsonNodeType.OBJECT),
    AUTO_APPROVERS("autoApprovers", Shape.APPROVERS, JsonNodeType.OBJECT),
    POSTURES("postures", Shape.NAMED, JsonNodeType.OBJECT),
    DEFAULT_SRC_POSTURE("defaultSrcPosture", Shape.WHOLE, JsonNodeType.ARRAY),
    ACLS("acls", Shape.RULES, JsonNodeType.ARRAY),
    GRANTS("grants", Shape.RULES, JsonNodeType.ARRAY),
    SSH("ssh", Shape.RULES, JsonNodeType.ARRAY),
    NODE_ATTRS("nodeAttrs", Shape.RULES, JsonNodeType.ARRAY),
    TESTS("tests", Shape.RULES, JsonNodeType.ARRAY),
    SSH_TESTS("sshTests", Shape.RULES, JsonNodeType.ARRAY),
    ATTR_CONFIG("attrConfig", Shape.NAMED, JsonNodeType.OBJECT),
    // Network-wide settings: written last, after the sections that we do not know.
    DERP_MAP("derpMap", Shape.WHOLE, JsonNodeType.OBJECT),
    DISABLE_IPV4("disableIPv4", Shape.WHOLE, JsonNodeType.BOOLEAN),
    ONE_CGNAT_ROUTE("OneCGNATRoute", Shape.WHOLE, JsonNodeType.STRING),
    RANDOMIZE_CLIENT_PORT("randomizeClientPort", Shape.WHOLE, JsonNodeType.BOOLEAN);

    /** How two fragments' contributions to a section come together. */
    enum Shape {
        /** Name to value: all names; a name has one value. */
        NAMED,
        /** Name to set of members: all names; a name has one set. */
        NAMED_SETS,
        /** Name to set of owners: all names, and for a name all owners. */
        OWNERS,
        /** {@code autoApprovers}: owners, one level down. */
        APPROVERS,
        /** A list of rules: one after the other. */
        RULES,
        /** One value for the whole tailnet. */
        WHOLE
    }

    static final String ROUTES = "routes";
    static final String EXIT_NODE = "exitNode";
    static final String SERVICES = "services";

    /** The order of sections in a document of ours, by name, unknown ones included. */
    static final Comparator<String> ORDER = Comparator.comparingInt(Section::part)
            .thenComparing(name -> of(name).orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Comparator.naturalOrder());

    private static final List<String> APPROVER_FIELDS = List.of(ROUTES, EXIT_NODE, SERVICES);

    private final String spelling;
    private final Shape shape;
    private final JsonNodeType type;

    Section(String spelling, Shape shape, JsonNodeType type) {
        this.spelling = spelling;
        this.shape = shape;
        this.type = type;
    }

    String spelling() {
        return spelling;
    }

    Shape shape() {
        return shape;
    }

    JsonNodeType type() {
        return type;
    }

    /** Ignores case, as the service does when it decodes the file. */
    static Optional<Section> of(String name) {
        for (Section section : values()) {
            if (section.spelling.equalsIgnoreCase(name)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** The name as we write it; an unknown name stays as it is. */
    static String canonical(String name) {
        return of(name).map(Section::spelling).orElse(name);
    }

    /** The name of a field directly under {@code autoApprovers} as we write it. */
    static String canonicalApprover(String name) {
        for (String field : APPROVER_FIELDS) {
            if (field.equalsIgnoreCase(name)) {
                return field;
            }
        }
        return name;
    }

    /**
     * The same policy with canonical names. Shares the values with the argument.
     *
     * @throws IllegalArgumentException if two spellings of one section are there: which one counts, only the service's
     *     decoder could say. A text with that mistake does not come this far, {@link PolicyText} refuses it.
     */
    static ObjectNode canonicalNames(ObjectNode policy) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        policy.properties().forEach(field -> {
            String name = canonical(field.getKey());
            JsonNode value = field.getValue();
            if (name.equals(AUTO_APPROVERS.spelling) && value instanceof ObjectNode approvers) {
                ObjectNode renamed = JsonNodeFactory.instance.objectNode();
                approvers.properties().forEach(f -> putOnce(renamed, canonicalApprover(f.getKey()), f.getValue()));
                value = renamed;
            }
            putOnce(result, name, value);
        });
        return result;
    }

    private static void putOnce(ObjectNode target, String name, JsonNode value) {
        if (target.has(name)) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is given twice, with different upper and lower case; keep one");
        }
        target.set(name, value);
    }

    private static int part(String name) {
        return of(name).map(section -> section.compareTo(DERP_MAP) < 0 ? 0 : 2).orElse(1);
    }
}
