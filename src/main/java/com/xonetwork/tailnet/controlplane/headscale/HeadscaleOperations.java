package com.xonetwork.tailnet.controlplane.headscale;

import static com.xonetwork.tailnet.controlplane.http.Operation.delete;
import static com.xonetwork.tailnet.controlplane.http.Operation.get;
import static com.xonetwork.tailnet.controlplane.http.Operation.put;
import static com.xonetwork.tailnet.controlplane.http.Operation.repeatablePost;
import static com.xonetwork.tailnet.controlplane.http.Operation.singlePost;

import com.xonetwork.tailnet.controlplane.http.Operation;

/** The operations in use, with their names from the API document. There are no scopes: an API key may do everything. */
final class HeadscaleOperations {

    static final Operation LIST_NODES = get("ListNodes", null);
    static final Operation DELETE_NODE = delete("DeleteNode", null);
    static final Operation SET_TAGS = repeatablePost("SetTags", null);
    static final Operation RENAME_NODE = repeatablePost("RenameNode", null);
    static final Operation EXPIRE_NODE = repeatablePost("ExpireNode", null);
    static final Operation SET_APPROVED_ROUTES = repeatablePost("SetApprovedRoutes", null);

    static final Operation CREATE_KEY = singlePost("CreatePreAuthKey", null);
    static final Operation LIST_KEYS = get("ListPreAuthKeys", null);
    static final Operation EXPIRE_KEY = repeatablePost("ExpirePreAuthKey", null);

    static final Operation GET_POLICY = get("GetPolicy", null);
    static final Operation SET_POLICY = put("SetPolicy", null);
    static final Operation CHECK_POLICY = repeatablePost("CheckPolicy", null);

    static final Operation HEALTH = get("Health", null);

    /** Not an operation of the API: its own description. */
    static final Operation DESCRIPTION = get("OpenApiDescription", null);

    private HeadscaleOperations() {}
}
