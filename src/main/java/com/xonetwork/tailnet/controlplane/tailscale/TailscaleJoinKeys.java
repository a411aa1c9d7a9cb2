package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import java.util.List;

/** Auth keys of the Tailscale API v2. */
final class TailscaleJoinKeys implements JoinKeys {

    private final TailscaleSession session;
    private final TailnetPath tailnet;
    private final KeyReader keys;

    TailscaleJoinKeys(TailscaleSession session, TailnetPath tailnet, KeyReader keys) {
        this.session = session;
        this.tailnet = tailnet;
        this.keys = keys;
    }

    @Override
    public JoinKey create(JoinKeyRequest request) {
        var answer = session.send(session.withJson(
                HttpCall.of(TailscaleOperations.CREATE_KEY, tailnet.of("keys")), keys.toJson(request)));
        return keys.created(session.read(answer, TailscaleMessages.KeyJson.class))
                .orElseThrow(() -> answer.unusable("it holds no key"));
    }

    @Override
    public List<JoinKey> list() {
        var answer = session.send(
                HttpCall.of(TailscaleOperations.LIST_KEYS, tailnet.of("keys").query("all", "true")));
        var listed = session.read(answer, TailscaleMessages.KeyListJson.class).keys();
        if (listed == null) {
            throw answer.unusable("it holds no list of keys");
        }
        return keys.joinKeys(listed);
    }

    @Override
    public void revoke(String keyId) {
        try {
            session.send(HttpCall.of(TailscaleOperations.DELETE_KEY, tailnet.of("keys", keyId)));
        } catch (ControlPlaneException.NotFound e) {
            // gone already
        } catch (ControlPlaneException.Rejected e) {
            // The service's way of saying that it never made a key of that id.
            if (e.getMessage() == null || !e.getMessage().contains("invalid key ID")) {
                throw e;
            }
        }
    }
}
