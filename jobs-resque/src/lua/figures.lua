-- How many jobs there are in each place, and each queue with its length and the text that is next, all at one moment.
local ns, most = take(), tonumber(take())
local scheduled = redis.call('ZCARD', ns .. 'jobs_rs:soon')
for _, second in ipairs(redis.call('ZRANGE', ns .. 'delayed_queue_schedule', 0, -1)) do
  scheduled = scheduled + redis.call('LLEN', ns .. 'delayed:' .. second)
end
-- Of the newest records those are left out that were retried: they stay in the list.
local function failed_in(list)
  local key, length = ns .. list, redis.call('LLEN', ns .. list)
  local failed = length
  for from = math.max(length - most, 0), length - 1, 500 do
    for _, record in ipairs(redis.call('LRANGE', key, from, from + 499)) do
      if string.find(record, '"retried_at":', 1, true) then failed = failed - 1 end
    end
  end
  return failed
end
local failed = failed_in('failed')
for _, list in ipairs(redis.call('SMEMBERS', ns .. 'failed_queues')) do failed = failed + failed_in(list) end
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
  if not is_known[queue] then table.insert(names, queue) end
end
local queues, all = {}, all_paused(ns)
for _, queue in ipairs(names) do
  local key = ns .. 'queue:' .. queue
  local paused = (all or is_paused(ns, queue)) and 1 or 0
  table.insert(queues, {queue, redis.call('LLEN', key), paused, redis.call('LRANGE', key, 0, 0)})
end
local soon = redis.call('ZRANGE', ns .. 'jobs_rs:soon', 0, 0, 'WITHSCORES')[2] or ''
local delayed = redis.call('ZRANGE', ns .. 'delayed_queue_schedule', 0, 0)[1] or ''
return {scheduled, failed, working, queues, redis.call('HGETALL', ns .. 'jobs_rs:processes'), soon, delayed}
