-- Notes down that a process and its workers are alive. Answers whether the process was given up since its last heartbeat, or
-- whether a worker of Ruby has removed a worker of it together with its job, and with the status that it is asked for.
local ns, process, now, description, heartbeat, started = take(), take(), take(), take(), take(), take()
-- A process that only lacks memory must not look dead.
write_on_full_memory(ns)
local known = redis.call('HGET', ns .. 'jobs_rs:processes', process)
local since = known and string.match(known, '^%-?%d+') or now
redis.call('HSET', ns .. 'jobs_rs:processes', process, since .. ':' .. now .. ':' .. description)
-- Workers that have other ids now: the order of the queues stands in the id, for one.
for _ = 1, tonumber(take()) do
  local id = take()
  if redis.call('EXISTS', ns .. 'worker:' .. id) == 0 then forget_worker(ns, id) end
end
for n = at + 1, #ARGV do
  local id = ARGV[n]
  if redis.call('SADD', ns .. 'workers', id) == 1 then
    redis.call('SET', ns .. 'worker:' .. id .. ':started', started)
  end
  redis.call('HSET', ns .. 'workers:heartbeat', id, heartbeat)
end
local lost = redis.call('SREM', ns .. 'jobs_rs:lost', process)
if drop_pruned(ns, process) then lost = 1 end
local asked = redis.pcall('HGET', ns .. 'jobs_rs:orders', process)
return {lost, type(asked) == 'string' and asked}
