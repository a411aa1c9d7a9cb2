local actions = {}
actions["reconcile"] = {["disabled"] = false}
local phase = obj.status ~= nil and obj.status.phase or "Pending"
local ended = obj.status ~= nil and obj.status.finishedAt ~= nil
actions["approve"] = {["disabled"] = phase ~= "AwaitingApproval" or obj.spec.approval ~= nil}
actions["cancel"] = {["disabled"] = ended or obj.spec.cancel == true}
return actions
