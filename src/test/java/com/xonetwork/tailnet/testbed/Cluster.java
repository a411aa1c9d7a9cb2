package com.xonetwork.tailnet.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** The cluster that the tests run against. */
sealed interface Cluster extends AutoCloseable {

    Path kubeconfig();

    /** The API server's audit log, where we are the ones who configured it. */
    Optional<Path> auditLog();

    /** Whether controllers run, so that the deletion of a namespace ends by itself. */
    boolean hasControllers();

    /** A node that we made, and machines beside it; empty where there is none, or it is not ours. */
    default Optional<NodeUnderTest> node() {
        return Optional.empty();
    }

    @Override
    void close();

    /** Why the chosen cluster cannot be had on this machine at all: then its tests are skipped. */
    static Optional<String> unavailable() {
        return kind().equals("k3s") && !DockerClientFactory.instance().isDockerAvailable()
                ? Optional.of("-Dcluster=k3s: no container engine answers (use -Dcluster=native)")
                : Optional.empty();
    }

    /** Chosen by {@code -Dcluster=native|node|k3s|current}. */
    static Cluster start() {
        return switch (kind()) {
            case "native" -> new Native(Testbed.up("cluster"));
            case "node" -> new WholeNode(Testbed.up("node", "--level", "node"));
            case "k3s" -> K3s.start();
            case "current" -> new Current();
            default -> throw new IllegalArgumentException("-Dcluster=" + kind() + ": use native, node, k3s or current");
        };
    }

    /** Whether the chosen cluster has a node of the testbed, which {@link #node} tells once it runs. */
    static boolean hasNode() {
        return kind().equals("node");
    }

    private static String kind() {
        return System.getProperty("cluster", "native");
    }

    /** etcd and kube-apiserver of {@code hack/testbed}. */
    record Native(Testbed testbed) implements Cluster {
        @Override
        public Path kubeconfig() {
            return Path.of(testbed.setting("KUBECONFIG"));
        }

        @Override
        public Optional<Path> auditLog() {
            return Optional.of(Path.of(testbed.setting("XO_AUDIT_LOG")));
        }

        @Override
        public boolean hasControllers() {
            return false;
        }

        @Override
        public void close() {
            testbed.close();
        }
    }

    /** The same with a node that runs pods. */
    record WholeNode(Testbed testbed) implements Cluster {
        @Override
        public Path kubeconfig() {
            return Path.of(testbed.setting("KUBECONFIG"));
        }

        @Override
        public Optional<Path> auditLog() {
            return Optional.of(Path.of(testbed.setting("XO_AUDIT_LOG")));
        }

        @Override
        public boolean hasControllers() {
            return true;
        }

        @Override
        public Optional<NodeUnderTest> node() {
            return Optional.of(new NodeUnderTest(testbed));
        }

        @Override
        public void close() {
            testbed.close();
        }
    }

    /** A whole k3s in a container. */
    record K3s(K3sContainer container, Path kubeconfig) implements Cluster {
        private static final String IMAGE = "rancher/k3s:v1.34.3-k3s1";

        private static K3s start() {
            var container = new K3sContainer(DockerImageName.parse(System.getProperty("k3s.image", IMAGE))
                    .asCompatibleSubstituteFor("rancher/k3s"));
            container.start();
            try {
                var file = Files.createDirectories(Repository.TARGET).resolve("k3s.kubeconfig");
                return new K3s(container, Files.writeString(file, container.getKubeConfigYaml()));
            } catch (IOException e) {
                container.close();
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<Path> auditLog() {
            return Optional.empty();
        }

        @Override
        public boolean hasControllers() {
            return true;
        }

        @Override
        public void close() {
            container.close();
        }
    }

    /** Whatever the current kubeconfig points at. */
    record Current() implements Cluster {
        @Override
        public Path kubeconfig() {
            var file = Optional.ofNullable(System.getenv("KUBECONFIG"))
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kube", "config"));
            if (!Files.isReadable(file)) {
                throw new IllegalStateException("-Dcluster=current: there is no kubeconfig at " + file);
            }
            return file;
        }

        @Override
        public Optional<Path> auditLog() {
            return Optional.empty();
        }

        @Override
        public boolean hasControllers() {
            return true;
        }

        @Override
        public void close() {}
    }
}
