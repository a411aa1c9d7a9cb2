-- Conditions follow kstatus; the message is the operator's own, which says what to do.
local health = {status = "Progressing", message = "Waiting for the operator"}
if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Waiting for the operator to let it go"
  return health
end
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  health.message = "Waiting for the operator to see the latest spec"
  return health
end
local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local ready = conditions["Ready"]
if ready == nil then
  return health
end
health.message = ready.message
if ready.status == "True" then
  health.status = "Healthy"
elseif ready.reason == "Suspended" or ready.reason == "AwaitingApproval" or ready.reason == "WaitingForApproval" then
  health.status = "Suspended"
elseif conditions["Stalled"] ~= nil and conditions["Stalled"].status == "True" then
  health.status = "Degraded"
  health.message = conditions["Stalled"].message
elseif conditions["Reconciling"] ~= nil and conditions["Reconciling"].status == "True" then
  health.status = "Progressing"
  health.message = conditions["Reconciling"].message
elseif ready.status == "Unknown" then
  health.status = "Unknown"
else
  health.status = "Degraded"
end
return health
