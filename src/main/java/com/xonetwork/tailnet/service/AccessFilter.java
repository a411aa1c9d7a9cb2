package com.xonetwork.tailnet.service;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** In front of every resource but the one for machines: without a caller nothing is looked at. */
public final class AccessFilter {

    private final Access access;
    private final ClientAddresses addresses;

    AccessFilter(Access access, ClientAddresses addresses) {
        this.access = access;
        this.addresses = addresses;
    }

    @ServerRequestFilter
    public void admit(ContainerRequestContext context, HttpServerRequest request, SimpleResourceInfo resource) {
        // Machines have no account; they bring a token of another kind.
        if (BootstrapResource.class.equals(resource.getResourceClass())) {
            return;
        }
        var caller = access.admit(context.getHeaderString(HttpHeaders.AUTHORIZATION), addresses.of(request));
        context.setSecurityContext(new Admitted(caller, request.isSSL()));
    }

    private record Admitted(Caller caller, boolean secure) implements SecurityContext {
        @Override
        public Caller getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }

    /** Who asks, in a resource. */
    static Caller caller(SecurityContext context) {
        return (Caller) context.getUserPrincipal();
    }
}
