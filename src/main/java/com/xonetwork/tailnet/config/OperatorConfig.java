package com.xonetwork.tailnet.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that can be set about the operator itself, in one place. Properties {@code tailnet-operator.*}. */
@ConfigMapping(prefix = "tailnet-operator")
public interface OperatorConfig {

    ControlPlane controlPlane();

    Snapshot snapshot();

    Webhooks webhooks();

    Runs runs();

    Service service();

    Bootstrap bootstrap();

    LeaderElection leaderElection();

    /** After the control plane rejected a value, how long until the same value is tried again. */
    @WithDefault("10M")
    Duration rejectedRetry();

    /** How long the deletion of a device is retried before its TailnetNode is let go without it. */
    @WithDefault("25S")
    Duration deletionPatience();

    /** Of several replicas one writes. The Lease is looked at by all of them, so that they must agree on these values. */
    interface LeaderElection {
        /** Off: this is the only replica. */
        @WithDefault("false")
        boolean enabled();

        /** Where the Lease is: the pod's own namespace. */
        Optional<String> namespace();

        @WithDefault("xo-tailnet-operator")
        String lease();

        /** This replica's name: its pod's. */
        @WithDefault("${HOSTNAME:operator}")
        String name();

        /** Where the other replicas reach this one: its pod's address. Without it, what only the leader can take is refused there. */
        Optional<String> address();

        /** After a renewal, how long no other replica takes over. */
        @WithDefault("15S")
        Duration leaseDuration();

        /** After a renewal, when this replica gives itself up and writes no more; shorter than the lease. */
        @WithDefault("10S")
        Duration renewDeadline();

        @WithDefault("2S")
        Duration renewPeriod();

        /** Between two looks of a standby. */
        @WithDefault("500MS")
        Duration retryPeriod();
    }

    /** Rules for every connection to a control plane. */
    interface ControlPlane {
        @WithDefault("5S")
        Duration connectTimeout();

        /** For a whole call, from the first byte sent to the last received. */
        @WithDefault("30S")
        Duration callTimeout();

        @WithDefault("16777216")
        int maxBodyBytes();

        /** That the controllers share. Calls to control planes take a part of them. Change it with the number of threads. */
        @WithDefault("50")
        int threads();

        /** Tries of one idempotent call. */
        @WithDefault("3")
        int maxAttempts();

        /** Host names to which plain http is allowed, for tests and closed networks. Credentials travel in the clear. */
        Optional<Set<String>> plainHttpHosts();

        Proxy proxy();

        /** An HTTP proxy for all control planes but those of {@link #plainHttpHosts}; it is asked to {@code CONNECT}. */
        interface Proxy {
            /** {@code http://HOST:PORT}. Without it control planes are reached directly. */
            Optional<URI> url();

            /** Directory with the files {@code username} and {@code password}, where the proxy asks for them. Read at the start. */
            Optional<Path> credentialsDirectory();

            /** Names of hosts, each with all names under it, and addresses or CIDRs, that are reached directly all the same. */
            Optional<List<String>> noProxy();
        }
    }

    /** The receiver of webhooks; it listens only while a Tailnet names a webhook's secret. */
    interface Webhooks {
        @WithDefault("0.0.0.0")
        String host();

        /** A port of its own, so that only this one needs to be reached from outside. */
        @WithDefault("8081")
        int port();

        /** Between two polls of one tailnet that deliveries cause. */
        @WithDefault("5S")
        Duration pollSpacing();
    }

    /** Runs of automations. */
    interface Runs {
        /** Image of the runner where a template names none. */
        @WithDefault("registry.invalid/tailnet-operator.runs.image-is-not-set:0")
        String image();

        /** Names of Secrets with which that image is pulled, in the namespaces of the runs. */
        Optional<List<String>> imagePullSecrets();

        /** Where runners report to: a port of its own, for pods only. */
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("8082")
        int port();

        /**
         * Base URL of that port as pods reach it, such as {@code http://xo-tailnet-operator.xo-system.svc:8082}. Without it runs
         * are recorded from their termination messages, and have no events.
         */
        Optional<String> callbackUrl();

        /** Jobs at the same time, in all namespaces. */
        @WithDefault("10")
        int mostAtOnce();

        /** How long a Job stays after its run was recorded. */
        @WithDefault("1H")
        Duration keepJobs();

        /** How long an attempt may wait until its container begins: for a quota, a node, its image. Then it ends as NotStarted. */
        @WithDefault("10M")
        Duration startTimeout();

        /** Lets runners ask every name server. Without it they may ask the cluster's (pods labelled k8s-app=kube-dns) and NodeLocal DNS. */
        @WithDefault("false")
        boolean dnsAnywhere();

        /** Where events are kept. In the pod's own file system they last as long as the pod. */
        @WithDefault("/tmp/xo-tailnet-operator/runs")
        String directory();

        /** After so many events of one attempt, only results are kept of further ones; after twice as many, nothing but the last. */
        @WithDefault("50000")
        int eventsOfAttempt();

        @WithDefault("16777216")
        long bytesOfAttempt();

        /** Of all runs together; beyond it the oldest ended ones go. */
        @WithDefault("536870912")
        long bytes();

        /** Of the runs of one namespace; beyond it its oldest ended ones go, and then further events are not kept. */
        @WithDefault("134217728")
        long bytesOfNamespace();

        @WithDefault("168H")
        Duration retention();
    }

    /** The Service Manager API. It listens where {@code quarkus.http} says: port 8083. */
    interface Service {
        /** Requests of one caller; what is more is answered 429. */
        @WithDefault("100")
        int requestsPerSecond();

        /** Tokens that were not seen before, from one address: each costs the API server a TokenReview. */
        @WithDefault("20")
        int newTokensPerSecond();

        /** How long it is believed who a token is and what they may do. */
        @WithDefault("10S")
        Duration reviewsKept();

        /** Event streams that are open at the same time. */
        @WithDefault("200")
        int mostStreams();

        /** Event streams of one caller at the same time. */
        @WithDefault("20")
        int mostStreamsOfCaller();

        /** Event streams of the runs of one namespace at the same time. */
        @WithDefault("100")
        int mostStreamsOfNamespace();

        /**
         * Audiences that callers' tokens must be for, such as {@code xo-tailnet-operator}: a token that is good for this API
         * only can be used nowhere else by who reads it on its way. Without it: those of the API server.
         */
        Optional<List<String>> tokenAudiences();

        /**
         * Addresses and CIDRs of the proxies in front of the API: what they write in X-Forwarded-For counts as the address of a
         * request. Without it that is the address of the connection, and the header counts for nothing.
         */
        Optional<List<String>> trustedProxies();
    }

    /** Machines that fetch their join key at their first boot. */
    interface Bootstrap {
        /**
         * Base URL of the Service Manager API as machines outside the cluster reach it, such as {@code https://xo.example.com}.
         * https, but for hosts of {@link ControlPlane#plainHttpHosts}. Without it there is no {@code join.cloudInit}.
         */
        Optional<String> url();

        /** File with certificates (PEM) that such machines must trust for it, where its CA is a private one. */
        Optional<String> caFile();

        /** How long the token in a machine's files is good. A machine that was not made by then is made of new files. */
        @WithDefault("168H")
        Duration tokenValidity();
    }

    /** How long a device list is believed. */
    interface Snapshot {
        /** A list older than this many poll intervals (and one call timeout) is stale. */
        @WithDefault("3")
        int staleAfterPolls();

        /** A list that lost most devices at once is believed after repeating so often. */
        @WithDefault("10")
        int suspectPolls();

        /** Devices of one tailnet; a longer list is refused whole. All lists together may take two fifths of the heap. */
        @WithDefault("10000")
        int maxDevices();
    }
}
