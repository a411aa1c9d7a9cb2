package com.xonetwork.tailnet.api.v1alpha1;

/** Names that are part of the API besides the kinds themselves. */
public final class ApiGroup {
    public static final String GROUP = "tailnet.xo-network.com";
    public static final String VERSION = "v1alpha1";
    /** {@code kubectl get xo} lists everything of ours. */
    public static final String CATEGORY = "xo";

    /** What the operator is called, as field manager, as source of Events and in {@link #MANAGED_BY_LABEL}. */
    public static final String OPERATOR = "xo-tailnet-operator";
    /** On everything that the operator makes beside its own kinds, and on the templates and runs of machines. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    /** Label {@code "true"} on a TailnetNode that {@code deviceImport} made. */
    public static final String IMPORTED_LABEL = GROUP + "/imported";
    /** Only on a TailnetNode with {@code deletionPolicy: Delete}, whose device is ours to remove. */
    public static final String DEVICE_FINALIZER = GROUP + "/device";
    /** Only on a TailnetNode with {@code spec.join} one of whose join keys may be usable. */
    public static final String JOIN_KEY_FINALIZER = GROUP + "/join-key";
    /** On a Tailnet, by a human: the hash of a merged policy that may be published although a guard objects. */
    public static final String APPROVE_ANNOTATION = GROUP + "/approve";
    /** On a Tailnet: when garbage collection removed devices within the last hour, so that its budget outlives a restart. */
    public static final String COLLECTED_ANNOTATION = GROUP + "/collected-at";
    /** On an AutomationRun that the API made for a request with an idempotency key: hash of the request. */
    public static final String REQUEST_ANNOTATION = GROUP + "/request";
    /** On an AutomationRun that the operator made: the generation of its template that it was ordered with. */
    public static final String TEMPLATE_GENERATION_ANNOTATION = GROUP + "/template-generation";
    /** On any of ours: a new value asks for a reconciliation now (Flux writes it). */
    public static final String RECONCILE_REQUEST_ANNOTATION = "reconcile.fluxcd.io/requestedAt";

    /** Has a message of its own: a refused pattern would show users a regular expression, and the password in their URL. */
    static final String URL_RULE = "!has(self.url) || self.url.matches('^https?://[^\\\\s/?#@]+/?$')";

    static final String URL_MESSAGE =
            "url must be https://HOST or https://HOST:PORT, without user name, path, query or fragment";

    private ApiGroup() {}

    /**
     * On a Tailnet, written with its first publication of a document: the control plane whose document it has taken over. From
     * then on a different one there is drift, not somebody else's.
     *
     * @param document {@code policy}, for example
     */
    public static String ownsAnnotation(String document) {
        return GROUP + "/owns-" + document + "-of";
    }

    /**
     * On a Tailnet, written with each publication of a document: the hash of what was published last. What differs from the
     * document in force and has this hash is put back, and is no change of ours.
     *
     * @param document {@code policy}, for example
     */
    public static String publishedAnnotation(String document) {
        return GROUP + "/published-" + document;
    }
}
