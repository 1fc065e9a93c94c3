-- Puts the jobs of claims whose answers were lost back at the right end of their queues. No attempt is counted.
local ns, channel, process = take(), take(), take()
local claimed = ns .. 'jobs_rs:claimed:' .. process
local lost, bases = {}, {}
for _ = 1, tonumber(take()) do bases[take()] = true end
for _, field in ipairs(redis.call('HKEYS', claimed)) do
  if bases[string.match(field, '^%d+')] then table.insert(lost, field) end
end
give_back(ns, claimed, in_order(lost))
if #lost > 0 then redis.call('PUBLISH', channel, '') end
return #lost
