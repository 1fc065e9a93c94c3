-- Puts the jobs of claims whose answers were lost back at the right end of their queues. No attempt is counted. A claim that
-- arrives only now, from a connection that was given up, is to take nothing any more. Answers with how many went back, and with
-- the claims that still hold jobs, because their queues cannot take them.
local ns, channel, process = take(), take(), take()
local claimed, released = ns .. 'jobs_rs:claimed:' .. process, ns .. 'jobs_rs:released:' .. process
local lost, bases = {}, {}
for n = 1, tonumber(take()) do bases[n] = take() end
local is_lost = {}
for _, base in ipairs(bases) do is_lost[base] = true end
for _, field in ipairs(redis.call('HKEYS', claimed)) do
  if is_lost[string.match(field, '^%d+')] then table.insert(lost, field) end
end
local refused = refusal(released, 'set')
if refused then return redis.error_reply(refused) end
write_on_full_memory(ns)
call_with('SADD', released, bases)
-- No network keeps a call for an hour.
redis.call('EXPIRE', released, 3600)
local back = give_back(ns, claimed, in_order(lost))
if back > 0 then wake(channel) end
local kept = {}
for _, field in ipairs(lost) do
  if redis.call('HEXISTS', claimed, field) == 1 then table.insert(kept, string.match(field, '^%d+')) end
end
return {back, kept}
