-- Puts the jobs of claims whose answers were lost back at the left ends of their queues: the numbers from and to, of each call.
-- Answers with how many went back, and with the first numbers of the calls that still hold jobs, because their queues cannot
-- take them.
local ns, channel, process = take(), take(), take()
local claims, released = ns .. 'jobs_rs:claims:' .. process, ns .. 'jobs_rs:released:' .. process
local why = refusal(claims, 'hash') or refusal(released, 'set')
if why then return redis.error_reply(why) end
write_on_full_memory(ns)
local lost, call_of = {}, {}
for _ = 1, tonumber(take()) do
  local from, to = take(), take()
  -- A claim that arrives later, from a connection that was lost, takes nothing.
  redis.call('SADD', released, from)
  redis.call('EXPIRE', released, 3600)
  for _, claim in ipairs(redis.call('HKEYS', claims)) do
    if tonumber(claim) >= tonumber(from) and tonumber(claim) < tonumber(to) then
      table.insert(lost, claim)
      call_of[claim] = from
    end
  end
end
local back = give_back(ns, process, lost)
if back > 0 then wake(channel) end
local kept = {}
for claim, from in pairs(call_of) do
  if redis.call('HEXISTS', claims, claim) == 1 then table.insert(kept, from) end
end
return {back, kept}
