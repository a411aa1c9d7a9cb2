package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.RunApproval;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A decision on a run that waits for one. */
@Schema(description = "A decision on a run that waits for approval.")
record ApprovalRequest(
        @Schema(
                required = true,
                description =
                        "The run's inputsHash, as it was looked at. If what the run would do has changed since, the"
                                + " answer is 409.")
        @Nullable
        String inputsHash,

        @Schema(description = "Approve or Deny.", defaultValue = "Approve")
        RunApproval.@Nullable Decision decision) {}
