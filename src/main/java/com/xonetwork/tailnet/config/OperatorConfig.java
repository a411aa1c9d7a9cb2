package com.xonetwork.tailnet.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting of the operator itself: the properties {@code tailnet-operator.*}. {@code docs/reference/settings.md} is made from this
 * interface and its Javadoc, so each setting has a sentence that users can read.
 */
@ConfigMapping(prefix = "tailnet-operator")
public interface OperatorConfig {

    ControlPlane controlPlane();

    Snapshot snapshot();

    Webhooks webhooks();

    Runs runs();

    Service service();

    Bootstrap bootstrap();

    LeaderElection leaderElection();

    /** After a control plane has rejected a value, the operator waits this long before it tries the same value again. */
    @WithDefault("10M")
    Duration rejectedRetry();

    /** The operator retries the deletion of a device for this long. Then it removes the TailnetNode and leaves the device behind. */
    @WithDefault("25S")
    Duration deletionPatience();

    /** One of several replicas writes. All replicas must have the same values, because all of them judge the same Lease. */
    interface LeaderElection {
        /** Whether several replicas elect a leader through a Lease. Without it, this must be the only replica. */
        @WithDefault("false")
        boolean enabled();

        /** Namespace of the Lease. Required with leader election. */
        Optional<String> namespace();

        /** Name of the Lease. */
        @WithDefault("xo-tailnet-operator")
        String lease();

        /** Name of this replica. It must differ from the names of the others. */
        @WithDefault("${HOSTNAME:operator}")
        String name();

        /**
         * Host name or address at which the other replicas reach this one. Without it, a standby refuses requests that only the leader
         * can serve.
         */
        Optional<String> address();

        /** No other replica takes over within this time after a renewal. */
        @WithDefault("15S")
        Duration leaseDuration();

        /** A leader that cannot renew the Lease for this long stops writing and ends. It must be shorter than the lease duration. */
        @WithDefault("10S")
        Duration renewDeadline();

        /** Time between two renewals by the leader. */
        @WithDefault("2S")
        Duration renewPeriod();

        /** Time between two checks of the Lease by a standby. */
        @WithDefault("500MS")
        Duration retryPeriod();
    }

    /** Rules for every connection to a control plane. */
    interface ControlPlane {
        /** Limit for the TCP connection, and again for the TLS handshake. */
        @WithDefault("5S")
        Duration connectTimeout();

        /** Limit for a whole call, from the first byte sent to the last byte received. */
        @WithDefault("30S")
        Duration callTimeout();

        /** Largest response of a control plane that the operator reads, in bytes. */
        @WithDefault("16777216")
        int maxBodyBytes();

        /**
         * Number of the controllers' threads. Calls to one Tailnet use at most a tenth of them, calls to the Tailnets of one namespace at
         * most a fifth. Set {@code quarkus.operator-sdk.concurrent-reconciliation-threads} to the same number.
         */
        @WithDefault("50")
        int threads();

        /** Attempts at one idempotent call, including the first. */
        @WithDefault("3")
        int maxAttempts();

        /** Host names to which plain http is allowed, for tests and closed networks. Credentials are sent in the clear. */
        Optional<Set<String>> plainHttpHosts();

        Proxy proxy();

        /** An HTTP proxy for all control planes except those of {@link #plainHttpHosts}. It must support {@code CONNECT}. */
        interface Proxy {
            /** HTTP proxy for calls to control planes, as {@code http://HOST:PORT}. Without it the operator connects directly. */
            Optional<URI> url();

            /** Directory with the files {@code username} and {@code password} for the proxy. The operator reads them once, when it starts. */
            Optional<Path> credentialsDirectory();

            /** Hosts that the operator reaches without the proxy: names, each with all its subdomains, and addresses or CIDRs. */
            Optional<List<String>> noProxy();
        }
    }

    /** The webhook receiver. It listens only while a Tailnet has {@code spec.webhook}. */
    interface Webhooks {
        /** Address on which the webhook receiver listens, while a Tailnet has {@code spec.webhook}. */
        @WithDefault("0.0.0.0")
        String host();

        /** Port of the webhook receiver. It is separate, so that only this port needs to be reachable from outside. */
        @WithDefault("8081")
        int port();

        /** Shortest time between two polls of one tailnet that webhooks trigger. */
        @WithDefault("5S")
        Duration pollSpacing();
    }

    /** Runs of automations. */
    interface Runs {
        /** Runner image for templates that name none. No image is published, so set it to your own. The default cannot be pulled. */
        @WithDefault("registry.invalid/tailnet-operator.runs.image-is-not-set:0")
        String image();

        /** Names of image pull Secrets for runner images. Each namespace with runs must have them. */
        Optional<List<String>> imagePullSecrets();

        /** Address on which the operator listens for reports from runners. */
        @WithDefault("0.0.0.0")
        String host();

        /** Port for reports from runners. Only pods need to reach it. */
        @WithDefault("8082")
        int port();

        /**
         * Base URL of the runners' port as pods reach it, such as {@code http://xo-tailnet-operator.xo-system.svc:8082}. Without it
         * runs have no events, and their results come from the termination messages of their pods.
         */
        Optional<String> callbackUrl();

        /**
         * Maximum number of Jobs at the same time, shared by all namespaces. A namespace without a running Job may always start one, so that there
         * can be up to twice as many.
         */
        @WithDefault("10")
        int mostAtOnce();

        /** Kubernetes removes a Job this long after the operator has recorded the result of its run. */
        @WithDefault("1H")
        Duration keepJobs();

        /** An attempt whose container has not started after this time (quota, no node, image) ends as {@code NotStarted}. */
        @WithDefault("10M")
        Duration startTimeout();

        /**
         * Lets runners query every name server. Without it the NetworkPolicy of a run admits only the cluster's own (pods with the label
         * {@code k8s-app=kube-dns}) and NodeLocal DNS.
         */
        @WithDefault("false")
        boolean dnsAnywhere();

        /**
         * Directory for the events of runs. Only the operator's user may be able to write there. In the file system of a pod, events
         * last as long as the pod.
         */
        @WithDefault("/tmp/xo-tailnet-operator/runs")
        String directory();

        /** After this many events of one attempt, the operator keeps only results. After twice as many, it keeps only the end. */
        @WithDefault("50000")
        int eventsOfAttempt();

        /** The same limit as for the number of events of one attempt, in bytes. */
        @WithDefault("16777216")
        long bytesOfAttempt();

        /** Maximum size of the events of all runs, in bytes. Beyond it, the operator removes the events of the runs that ended first. */
        @WithDefault("536870912")
        long bytes();

        /**
         * Maximum size of the events of all runs in one namespace, in bytes. Beyond it, the operator removes the events of the runs that ended first. If
         * that is not enough, it drops new events.
         */
        @WithDefault("134217728")
        long bytesOfNamespace();

        /** The operator removes the events of a run this long after its end. */
        @WithDefault("168H")
        Duration retention();
    }

    /** The Service Manager API. It listens where {@code quarkus.http} says: port 8083. */
    interface Service {
        /** Maximum number of API requests of one caller per second. The API answers 429 to further ones. */
        @WithDefault("100")
        int requestsPerSecond();

        /** Maximum number of unknown tokens from one address per second. Each of them costs the API server a TokenReview. */
        @WithDefault("20")
        int newTokensPerSecond();

        /** The API caches the answers of TokenReviews and SubjectAccessReviews for this long. */
        @WithDefault("10S")
        Duration reviewsKept();

        /** Maximum number of event streams at the same time. */
        @WithDefault("200")
        int mostStreams();

        /** Maximum number of event streams of one caller at the same time. */
        @WithDefault("20")
        int mostStreamsOfCaller();

        /** Maximum number of event streams for the runs of one namespace at the same time. */
        @WithDefault("100")
        int mostStreamsOfNamespace();

        /**
         * Audiences of which callers' tokens must have one, such as {@code xo-tailnet-operator}. A stolen token for this API is then
         * useless elsewhere. Without it, tokens must be valid for the API server.
         */
        Optional<List<String>> tokenAudiences();

        /**
         * Addresses and CIDRs of the proxies in front of the API. The API takes the caller's address from their X-Forwarded-For header.
         * Without it, the API uses the address of the connection and ignores the header.
         */
        Optional<List<String>> trustedProxies();
    }

    /** Machines that fetch their join key at their first boot. */
    interface Bootstrap {
        /**
         * Base URL of the Service Manager API as machines outside the cluster reach it, such as {@code https://xo.example.com}. Plain
         * http needs {@code control-plane.plain-http-hosts}. Without it {@code spec.join.cloudInit} does not work.
         */
        Optional<String> url();

        /** PEM file with the CA certificates that machines must trust for {@code bootstrap.url}, if its CA is private. */
        Optional<String> caFile();

        /** Validity of the token in a machine's cloud-init files. A machine that boots later needs new files. */
        @WithDefault("168H")
        Duration tokenValidity();
    }

    /** Which device lists the operator accepts. */
    interface Snapshot {
        /** A device list is stale when it is older than this many poll intervals and one call timeout. The operator decides nothing on it. */
        @WithDefault("3")
        int staleAfterPolls();

        /** The operator believes a list that lost most devices at once only after this many polls with the same result. */
        @WithDefault("10")
        int suspectPolls();

        /** Maximum number of devices of one tailnet. The operator refuses a longer list as a whole. All lists together may use two fifths of the heap. */
        @WithDefault("10000")
        int maxDevices();
    }
}
