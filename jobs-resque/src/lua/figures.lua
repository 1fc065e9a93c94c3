-- How many jobs there are in each place, and each queue with its length and the text that is next, all at one moment.
local ns = take()
local scheduled, delayed = redis.call('ZCARD', ns .. 'jobs_rs:soon'), false
for _, second in ipairs(redis.call('ZRANGE', ns .. 'delayed_queue_schedule', 0, -1)) do
  if is_second(second) then
    scheduled = scheduled + redis.call('LLEN', ns .. 'delayed:' .. second)
    delayed = delayed or second
  end
end
-- Each list of failures with its length. Those that were retried stay in it, and are counted by calls of their own.
local failed = {{'failed', redis.call('LLEN', ns .. 'failed')}}
for _, list in ipairs(redis.call('SMEMBERS', ns .. 'failed_queues')) do
  table.insert(failed, {list, redis.call('LLEN', ns .. list)})
end
local working, seen = {}, {}
local function work(id)
  if not seen[id] and redis.call('EXISTS', ns .. 'worker:' .. id) == 1 then table.insert(working, id) end
  seen[id] = true
end
for _, id in ipairs(redis.call('SMEMBERS', ns .. 'workers')) do work(id) end
for _, process in ipairs(redis.call('SMEMBERS', ns .. 'jobs_rs:claimers')) do
  for _, id in ipairs(redis.call('HVALS', ns .. 'jobs_rs:claims:' .. process)) do work(id) end
end
local names, is_known = redis.call('SMEMBERS', ns .. 'queues'), {}
for _, queue in ipairs(names) do is_known[queue] = true end
for _, queue in ipairs(redis.call('SMEMBERS', ns .. 'jobs_rs:paused')) do
  -- A queue whose pause Ruby has ended is noted down no more. Figures do not depend on the right to write.
  if not is_paused(ns, queue) then redis.pcall('SREM', ns .. 'jobs_rs:paused', queue)
  elseif not is_known[queue] then table.insert(names, queue) end
end
local queues, all = {}, all_paused(ns)
for _, queue in ipairs(names) do
  local key = ns .. 'queue:' .. queue
  local paused = (all or is_paused(ns, queue)) and 1 or 0
  -- A key of another type, or one that this user may not read, has no jobs; it does not hide the other queues.
  local length = redis.pcall('LLEN', key)
  if type(length) == 'number' then table.insert(queues, {queue, length, paused, redis.call('LRANGE', key, 0, 0)}) end
end
local soon = redis.call('ZRANGE', ns .. 'jobs_rs:soon', 0, 0, 'WITHSCORES')[2] or ''
return {scheduled, failed, working, queues, redis.call('HGETALL', ns .. 'jobs_rs:processes'), soon, delayed}
