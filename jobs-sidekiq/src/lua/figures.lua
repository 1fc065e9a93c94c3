-- How many jobs there are in each place, and each queue with its length and the text that is next, all at one moment.
local ns = take()
local claimed = {}
for _, process in ipairs(redis.call('SMEMBERS', ns .. 'jobs_rs:claimers')) do
  table.insert(claimed, process)
  table.insert(claimed, redis.call('HLEN', ns .. 'jobs_rs:claimed:' .. process))
end
local queues = {}
for _, queue in ipairs(redis.call('SMEMBERS', ns .. 'queues')) do
  local key = ns .. 'queue:' .. queue
  -- A key of another type has no jobs; it does not hide the other queues.
  local length = redis.pcall('LLEN', key)
  if type(length) == 'number' then table.insert(queues, {queue, length, redis.call('LRANGE', key, -1, -1)}) end
end
local first = {redis.call('ZRANGE', ns .. 'schedule', 0, 0, 'WITHSCORES'), redis.call('ZRANGE', ns .. 'retry', 0, 0, 'WITHSCORES')}
return {
  redis.call('ZCARD', ns .. 'schedule') + redis.call('ZCARD', ns .. 'retry'),
  redis.call('ZCARD', ns .. 'dead'),
  claimed,
  queues,
  redis.call('SMEMBERS', ns .. 'paused'),
  redis.call('HGETALL', ns .. 'jobs_rs:processes'),
  first[1][2] or '',
  first[2][2] or '',
}
