package com.xonetwork.tailnet.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatusByPutTest {

    private final List<NodeClass> written = new ArrayList<>();
    private final NodeClass status = new NodeClass();

    private UpdateControl<NodeClass> reconcile(UpdateControl<NodeClass> decided) throws Exception {
        return reconcile(decided, written::add);
    }

    @SuppressWarnings("unchecked")
    private static UpdateControl<NodeClass> reconcile(UpdateControl<NodeClass> decided, Consumer<NodeClass> put)
            throws Exception {
        var operations = new ResourceOperations<NodeClass>(null) {
            @Override
            public NodeClass updatePrimaryStatus(NodeClass resource) {
                put.accept(resource);
                return resource;
            }
        };
        Context<NodeClass> context = (Context<NodeClass>) Proxy.newProxyInstance(
                StatusByPutTest.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("resourceOperations");
                    return operations;
                });
        return new StatusByPut<NodeClass>((resource, unused) -> decided).reconcile(new NodeClass(), context);
    }

    @Test
    void aStatusIsPutAndTheSdkWritesNothing() throws Exception {
        var control = reconcile(UpdateControl.patchStatus(status).rescheduleAfter(Duration.ofSeconds(7)));
        assertThat(written).containsExactly(status);
        assertThat(control.isNoUpdate()).isTrue();
        assertThat(control.getScheduleDelay()).contains(7_000L);
    }

    @Test
    void whatIsNotToBeWrittenIsNot() throws Exception {
        var decided = UpdateControl.<NodeClass>noUpdate().rescheduleAfter(Duration.ofSeconds(3));
        assertThat(reconcile(decided)).isSameAs(decided);
        assertThat(written).isEmpty();
    }

    /** The SDK tries again with what is there by then. */
    @Test
    void aRefusalReachesTheSdk() {
        var conflict = new KubernetesClientException("the object has been modified", 409, null);
        assertThatThrownBy(() -> reconcile(UpdateControl.patchStatus(status), unused -> {
                    throw conflict;
                }))
                .isSameAs(conflict);
    }

    @Test
    void aSpecIsNeverWritten() {
        assertThatThrownBy(() -> reconcile(UpdateControl.patchResource(status)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(written).isEmpty();
    }
}
