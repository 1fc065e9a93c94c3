-- Puts the jobs of claims whose answers were lost back at the left ends of their queues: the numbers from and to, of each call.
local ns, channel, process = take(), take(), take()
write_on_full_memory(ns)
local released, lost = ns .. 'jobs_rs:released:' .. process, {}
for _ = 1, tonumber(take()) do
  local from, to = take(), take()
  -- A claim that arrives later, from a connection that was lost, takes nothing.
  redis.call('SADD', released, from)
  redis.call('EXPIRE', released, 3600)
  from, to = tonumber(from), tonumber(to)
  for _, claim in ipairs(redis.call('HKEYS', ns .. 'jobs_rs:claims:' .. process)) do
    if tonumber(claim) >= from and tonumber(claim) < to then table.insert(lost, claim) end
  end
end
local back = give_back(ns, process, lost)
if back > 0 then wake(channel) end
return back
