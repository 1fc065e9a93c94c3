-- Puts the jobs of claims whose answers were lost back at the left ends of their queues: the numbers from and to, of each call.
local ns, channel, process = take(), take(), take()
local lost = {}
for _ = 1, tonumber(take()) do
  local from, to = tonumber(take()), tonumber(take())
  for _, claim in ipairs(redis.call('HKEYS', ns .. 'jobs_rs:claims:' .. process)) do
    if tonumber(claim) >= from and tonumber(claim) < to then table.insert(lost, claim) end
  end
end
local back = give_back(ns, process, lost)
if back > 0 then redis.call('PUBLISH', channel, '') end
return back
